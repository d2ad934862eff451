//! The simulator of koyeb.
