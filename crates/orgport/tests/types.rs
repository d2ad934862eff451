//! What callers may do with the types: share them, send them, keep them, use traits as `dyn`.

use orgport::{
    AnyProvider, Capability, Clock, Config, Cursor, Email, Error, Invitation, Invitations, InviteOutcome,
    InviteStream, Member, Members, Native, NewInvitation, Organization, OrganizationId, Organizations, Plan,
    Provider, ProviderConfig, Role, Secret, Timestamp, http, memory,
};

fn shareable<T: Send + Sync + 'static>() {}
fn provider<T: Provider + Clone + std::fmt::Debug + 'static>() {
    shareable::<T>();
}
fn sendable<T: Send>() {}

#[test]
fn providers_and_clients_are_shared_between_threads() {
    provider::<AnyProvider>();
    provider::<memory::MemoryProvider>();
    shareable::<memory::Memory>();
    #[cfg(feature = "nuextract")]
    {
        provider::<orgport::nuextract::NuExtractProvider>();
        shareable::<orgport::nuextract::NuExtractClient>();
    }
    #[cfg(feature = "jaqpot")]
    {
        provider::<orgport::jaqpot::JaqpotProvider>();
        shareable::<orgport::jaqpot::JaqpotClient>();
    }
    #[cfg(feature = "koyeb")]
    {
        provider::<orgport::koyeb::KoyebProvider>();
        shareable::<orgport::koyeb::KoyebClient>();
    }
    #[cfg(feature = "trieve")]
    {
        provider::<orgport::trieve::TrieveProvider>();
        shareable::<orgport::trieve::TrieveClient>();
    }
    #[cfg(feature = "losant")]
    {
        provider::<orgport::losant::LosantProvider>();
        shareable::<orgport::losant::LosantClient>();
    }
    #[cfg(feature = "github")]
    {
        provider::<orgport::github::GitHubProvider>();
        shareable::<orgport::github::GitHubClient>();
    }
    #[cfg(feature = "blocking")]
    shareable::<orgport::blocking::Provider>();
}

#[test]
fn traits_are_objects_and_their_answers_cross_threads() {
    shareable::<Box<dyn Provider>>();
    shareable::<Box<dyn Organizations>>();
    shareable::<Box<dyn Members>>();
    shareable::<Box<dyn Invitations>>();
    shareable::<Box<dyn Clock>>();
    sendable::<InviteStream<'_>>();
}

#[test]
fn models_errors_and_configurations_are_shared_between_threads() {
    shareable::<(Organization, Member, Invitation, NewInvitation, InviteOutcome, Plan)>();
    shareable::<(OrganizationId, Email, Role, Timestamp, Cursor, Native, Secret, Capability)>();
    shareable::<(Config, ProviderConfig, http::HttpClient, http::Transport)>();
    shareable::<Error>();
}

#[test]
fn an_error_is_small_enough_to_be_returned_everywhere() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}
