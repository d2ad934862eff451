//! The simulator of jaqpot.
