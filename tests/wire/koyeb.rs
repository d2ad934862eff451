//! What goes over the wire to koyeb.
