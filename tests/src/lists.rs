//! Where each vendor's lists of people are found, and their rows in them.

/// A list of people as a vendor sends it.
#[derive(Debug, Clone, Copy)]
pub struct PeopleList {
    /// The route that sends it.
    pub route: &'static str,
    /// The JSON Pointer to its rows.
    pub rows: &'static str,
    /// The JSON Pointer to the address in a row.
    pub email: &'static str,
    /// The JSON Pointer to how many there are, where the vendor says so.
    pub total: Option<&'static str>,
}

impl PeopleList {
    /// The invitations of an organization.
    ///
    /// # Panics
    ///
    /// If there is no such vendor.
    pub fn of_invitations(vendor: &str) -> Self {
        let (route, rows, total) = match vendor {
            "nuextract" => ("/api/organizations/{organizationId}/members/invitations", "", None),
            "jaqpot" => ("/v1/organizations/{orgName}/invitations", "", None),
            "koyeb" => ("/v1/organization_invitations", "/invitations", Some("/count")),
            "trieve" => ("/api/invitations/{id}", "", None),
            "losant" => ("/orgs/{orgId}/invites", "", None),
            "github" => ("/orgs/{org}/invitations", "", None),
            other => panic!("{other:?} is no vendor"),
        };
        let email = if vendor == "jaqpot" { "userEmail" } else { "email" };
        Self { route, rows, email, total }
    }

    /// The members of an organization.
    ///
    /// # Panics
    ///
    /// If there is no such vendor.
    pub fn of_members(vendor: &str) -> Self {
        let (route, rows, total) = match vendor {
            "nuextract" => ("/api/organizations/{organizationId}/members", "", None),
            "jaqpot" => ("/v1/organizations/{name}", "/organizationMembers", None),
            "koyeb" => ("/v1/organization_members", "/members", Some("/count")),
            "trieve" => ("/api/organization/users/{id}", "", None),
            "losant" => ("/orgs/{orgId}", "/members", None),
            "github" => ("/orgs/{org}/members", "", None),
            other => panic!("{other:?} is no vendor"),
        };
        let email = if vendor == "koyeb" { "user/email" } else { "email" };
        Self { route, rows, email, total }
    }

    /// The JSON Pointer to `place` among its rows.
    pub fn row(&self, place: &str) -> String {
        format!("{}/{place}", self.rows)
    }

    /// The JSON Pointer to the address in the first row.
    pub fn first_email(&self) -> String {
        self.row(&format!("0/{}", self.email))
    }
}
