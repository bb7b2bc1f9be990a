//! What the server can be called for: each call with its handler, and with its part of the OpenAPI
//! document, which is made only when somebody asks for it. At every start it would cost more memory
//! than eight rooms.

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::MethodRouter;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};

use super::HttpState;

/// Named schemas, and the paths that name them.
type Described = (Vec<(String, RefOr<Schema>)>, Paths);

/// The calls of one path.
pub(super) struct Call {
    /// Below the prefix of its group.
    pub path: String,
    /// The handlers, by method.
    pub handlers: MethodRouter<HttpState>,
    /// Their part of the document, and the schemas that it names.
    pub described: fn() -> Described,
}

/// The calls of one path, from the handlers that answer them.
macro_rules! call {
    ($($module:ident :: $handler:ident),+) => {{
        let [path, ..] = [$(utoipa_axum::routes!(@path [path()] of $module::$handler)),+];
        let mut handlers = axum::routing::MethodRouter::<$crate::http::HttpState>::new();
        $(for method in utoipa_axum::routes!(@path [methods()] of $module::$handler) {
            let method = utoipa_axum::PathItemExt::to_method_filter(&method);
            handlers = handlers.on(method, $module::$handler);
        })+
        $crate::http::calls::Call {
            path,
            handlers,
            described: || {
                let described: utoipa_axum::router::UtoipaMethodRouter<$crate::http::HttpState> =
                    utoipa_axum::routes!($($module::$handler),+);
                (described.0, described.1)
            },
        }
    }};
}
pub(super) use call;

/// Calls that share a prefix and who may make them.
pub(super) struct Group {
    pub prefix: &'static str,
    pub calls: Vec<Call>,
    /// The layers before the handlers of the group.
    pub before: Box<dyn FnOnce(Router<HttpState>) -> Router<HttpState>>,
}

/// The handlers of all groups.
pub(super) fn handlers(groups: Vec<Group>) -> Router<HttpState> {
    groups.into_iter().fold(Router::new(), |all, Group { prefix, calls, before }| {
        let group = calls.into_iter().fold(Router::new(), |group, call| {
            group.route(&format!("{prefix}{}", call.path), call.handlers)
        });
        all.merge(before(group))
    })
}

/// The document of all groups, after what `head` says.
pub(super) fn described(mut head: OpenApi, groups: &[Group]) -> OpenApi {
    let mut schemas = BTreeMap::new();
    for Group { prefix, calls, .. } in groups {
        for call in calls {
            let (named, paths) = (call.described)();
            schemas.extend(named);
            for (path, item) in paths.paths {
                head.paths.paths.insert(format!("{prefix}{path}"), item);
            }
        }
    }
    head.components.get_or_insert_with(Components::new).schemas.extend(schemas);
    head
}
