//! HTTP simulators of NuExtract, Jaqpot, Koyeb, Trieve and Losant on loopback.

mod clock;
mod ids;
mod jaqpot;
mod koyeb;
mod losant;
mod mail;
mod nuextract;
mod tokens;
mod trieve;
mod vendor;
mod world;
