//! Which scopes of a token open which endpoint.

/// The general scopes that open an endpoint, beside `<resource>.*` and `<resource>.<name>`.
pub(super) enum Access {
    /// No token is needed.
    Open,
    Organization(Reach),
    User(Reach),
}

/// How weak a variant of a general scope is enough.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    Read,
    Bounded,
    Full,
}

impl Access {
    pub(super) fn admits(&self, resource: &str, name: &str, scopes: &[String]) -> bool {
        let (families, reach): (&[&str], Reach) = match self {
            Self::Open => return true,
            Self::Organization(reach) => (&["all.Organization", "all.User", "only.Organization"], *reach),
            Self::User(reach) => (&["all.User", "only.User"], *reach),
        };
        scopes.iter().any(|scope| {
            let action = scope.strip_prefix(resource).and_then(|rest| rest.strip_prefix('.'));
            families.contains(&reach.general(scope))
                || action.is_some_and(|action| action == "*" || action == name)
        })
    }
}

impl Reach {
    /// The family of a general scope whose variant is strong enough; any other scope as it is.
    fn general(self, scope: &str) -> &str {
        let variants: &[&str] = match self {
            Self::Read => &[".read", ".bounded"],
            Self::Bounded => &[".bounded"],
            Self::Full => &[],
        };
        variants.iter().find_map(|variant| scope.strip_suffix(variant)).unwrap_or(scope)
    }
}
