//! What goes over the wire to nuextract.
