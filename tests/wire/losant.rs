//! What goes over the wire to losant.
