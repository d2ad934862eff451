//! orgport.
