//! What pages load: a row for each file.

use axum::Router;
use axum::http::header;
use axum::routing::get;

use crate::demo::demo_server::DemoServer;

/// A file that is in the program.
struct Asset {
    path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: &[Asset] = &[
    Asset {
        path: "/style.css",
        content_type: "text/css; charset=utf-8",
        text: include_str!("style.css"),
    },
    Asset {
        path: "/icon.svg",
        content_type: "image/svg+xml",
        text: include_str!("icon.svg"),
    },
    Asset {
        path: "/submit.js",
        content_type: SCRIPT,
        text: include_str!("submit.js"),
    },
    Asset {
        path: "/playground.js",
        content_type: SCRIPT,
        text: include_str!("playground.js"),
    },
    Asset {
        path: "/reference.js",
        content_type: SCRIPT,
        text: include_str!("reference.js"),
    },
    Asset {
        path: "/control.js",
        content_type: SCRIPT,
        text: include_str!("control.js"),
    },
    Asset {
        path: "/exchange.js",
        content_type: SCRIPT,
        text: include_str!("exchange.js"),
    },
    Asset {
        path: "/token.js",
        content_type: SCRIPT,
        text: include_str!("token.js"),
    },
];

/// The routes of the files.
pub(in crate::demo) fn assets() -> Router<DemoServer> {
    ASSETS.iter().fold(Router::new(), |router, asset| {
        let headers = [
            (header::CONTENT_TYPE, asset.content_type),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ];
        router.route(
            asset.path,
            get(move || async move { (headers, asset.text) }),
        )
    })
}
