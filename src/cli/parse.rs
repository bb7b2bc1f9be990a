//! Turns the words of a command line into checked values.

use std::net::SocketAddr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::access::Role;
use crate::config::{Fault, server_listen};
use crate::vitals::{DeviceId, InvalidId, RoomId, SessionId};

pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    let names = Role::ALL.map(Role::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, Fault> {
    server_listen(text)
}

pub(super) fn room(text: &str) -> Result<RoomId, InvalidId> {
    RoomId::new(text)
}

pub(super) fn device(text: &str) -> Result<DeviceId, InvalidId> {
    DeviceId::new(text)
}

pub(super) fn session(text: &str) -> Result<SessionId, InvalidId> {
    SessionId::new(text)
}
