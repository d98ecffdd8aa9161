//! `/docs`
use crate::demo::pages::{Page, wide};
use crate::demo::service::Demo;
use axum::extract::State;
use maud::html;
pub(in crate::demo) async fn reference(State(_demo): State<Demo>) -> Page {
    wide("API reference", ".", Some("reference.js"), &html! {})
}
