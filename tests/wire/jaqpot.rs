//! What goes over the wire to jaqpot.
