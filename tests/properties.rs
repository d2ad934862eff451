//! What holds for every input: nothing that a vendor, a file or a caller can say breaks a decoder.

mod properties {
    mod config;
    mod inputs;
    mod replies;
    mod secrets;
    mod strategies;
}
