//! What adapters over a typed client, and the typed clients, say alike.

/// Gives a typed client its access to the transport in its field `transport`:
/// `client_over_transport!(ExampleClient)`.
#[macro_export]
macro_rules! client_over_transport {
    ($client:ty) => {
        impl $client {
            /// What sends the requests, for calls that this client does not have.
            pub fn transport(&self) -> &$crate::http::Transport {
                &self.transport
            }

            /// The same client over another transport: one that only reads, or waits longer for limits.
            #[must_use]
            pub fn with_transport(&self, transport: $crate::http::Transport) -> Self {
                let mut client = self.clone();
                client.transport = transport;
                client
            }
        }
    };
}

/// Stands in an `impl Adapter` for what every adapter with a typed client in its field `client` says
/// alike: `adapter_over_client!(KIND, capability)`, with the configuration's word for the vendor and the
/// field that holds what it can do.
#[macro_export]
macro_rules! adapter_over_client {
    ($kind:expr, $($capability:ident).+) => {
        fn kind(&self) -> &'static str {
            $kind
        }

        fn capability(&self) -> &$crate::Capability {
            &self.$($capability).+
        }

        fn transport(&self) -> Option<&$crate::http::Transport> {
            Some(self.client.transport())
        }

        fn with_transport(&self, transport: $crate::http::Transport) -> Self {
            Self { client: self.client.with_transport(transport), ..self.clone() }
        }
    };
}
