//! Who takes tokens: the resources here, and those that the configuration names.

use crate::demo::demo_server::DemoServer;
use crate::demo::protected::Resource;
use crate::text::url::without_root_slash;

/// Whether an audience is the URL of a resource of this server.
pub(super) fn is_resource_here(demo: &DemoServer, audience: &str) -> bool {
    let asked = without_root_slash(audience);
    let mut resources = demo.bases().iter().flat_map(|base| {
        let urls = Resource::ALL.iter().map(|resource| resource.url(base));
        urls.collect::<Vec<_>>()
    });
    resources.any(|url| url == asked)
}

/// Whether somebody is known by this name who takes tokens: a resource of this server, a client, or an audience of a
/// client.
pub(super) fn is_known(demo: &DemoServer, audience: &str) -> bool {
    is_resource_here(demo, audience)
        || demo.client(audience).is_some()
        || demo.settings().clients.iter().any(|client| {
            let mut audiences = client.audience.iter();
            audiences.any(|one| one == audience)
        })
}
