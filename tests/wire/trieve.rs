//! What goes over the wire to trieve.
