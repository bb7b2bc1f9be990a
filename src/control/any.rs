//! All requests, as they pass through the socket: `{"ask":"add_staff",…}`.

use serde::{Deserialize, Serialize};

use super::alerts::ReadAlertLog;
use super::chains::{AcceptLoss, RebuildViews, VerifyRecord};
use super::context::ControlContext;
use super::devices::{AddDevices, ListDevices, RemoveDevice};
use super::outbound::ListOutbound;
use super::profiles::{ApproveProfile, ListProfiles, PutProfile, ShowProfile};
use super::request::{Reply, Request};
use super::sessions::{ExportSession, ListSessions, ReportSession};
use super::staff::{AddStaff, DisableStaff, ListStaff, SetPassword, SetRole};
use super::tokens::{AddToken, ListTokens, RevokeToken};

macro_rules! requests {
    ($($request:ident),* $(,)?) => {
        /// Any request, as one line of the socket.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "ask", rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each is the request of its name")]
        pub enum AnyRequest {
            $($request($request),)*
        }

        impl AnyRequest {
            /// Which it is, without what it carries.
            pub(super) fn name(&self) -> &'static str {
                match self {
                    $(Self::$request(_) => stringify!($request),)*
                }
            }

            /// Carries it out, and writes the line that answers it.
            pub(super) async fn perform(self, context: &ControlContext) -> String {
                match self {
                    $(Self::$request(request) => Reply::of(request.perform(context).await).line(),)*
                }
            }
        }

        $(impl From<$request> for AnyRequest {
            fn from(request: $request) -> Self {
                Self::$request(request)
            }
        })*
    };
}

requests! {
    AddStaff, ListStaff, DisableStaff, SetRole, SetPassword,
    AddDevices, ListDevices, RemoveDevice,
    AddToken, ListTokens, RevokeToken,
    ListProfiles, ShowProfile, PutProfile, ApproveProfile,
    ListSessions, ExportSession, ReportSession, ReadAlertLog,
    VerifyRecord, AcceptLoss, RebuildViews,
    ListOutbound,
}
