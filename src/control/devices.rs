//! The monitors that send JSON, and every device that was ever heard.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::bail;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::PATIENCE_FOR_LONG_WORK;
use super::context::ControlContext;
use super::request::{Changed, Request};
use super::sink::{RecordSink, WHO, actor, audit};
use super::tokens::{IssuedToken, issue};
use crate::room::Authority;
use crate::store::{DeviceRow, MAX_DEVICE_TOKENS, TokenKind, Upsert};
use crate::vitals::{DeviceId, Millis, RoomId};
use crate::ward::{self, Actor, Bind, ListRoomIds};

/// Devices that can get a token in one request.
pub(super) const MOST_DEVICES: usize = 10_000;

/// Gives each device a new token, and ends its old one. When one of them is wrong, none is added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddDevices {
    /// The devices, each id once.
    pub devices: Vec<NewDevice>,
}

/// A device that is to have a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// The device.
    pub id: DeviceId,
    /// The room to which it is bound; left as it is when `None`.
    pub room: Option<RoomId>,
}

impl Request for AddDevices {
    type Answer = Changed<Vec<IssuedToken>>;
    const MAY_BEGIN_DATA: bool = true;
    const PATIENCE: Duration = PATIENCE_FOR_LONG_WORK;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Self::Answer> {
        let Self { devices } = self;
        check(context, &devices).await?;
        let register = context.store.register();
        let turn = register.changing().await;
        let has_token =
            |device: &&NewDevice| register.has_token(TokenKind::Device, device.id.as_str());
        let new = devices.iter().filter(|device| !has_token(device)).count();
        if register.subjects(TokenKind::Device) + new > MAX_DEVICE_TOKENS {
            bail!(
                "{MAX_DEVICE_TOKENS} devices at most have a token: remove one that is no longer \
                 used with `dripwatch device remove ID`"
            );
        }
        let mut views = Vec::new();
        let issued = |device: &NewDevice| {
            issue(context, (TokenKind::Device, device.id.as_str()), None, &mut views)
        };
        let tokens = devices.iter().map(issued).collect::<anyhow::Result<_>>()?;
        let ids: Vec<&DeviceId> = devices.iter().map(|device| &device.id).collect();
        let details = json!({"kind": "device", "subjects": ids});
        let mut recorded =
            context.sink.record(context.clock, "tokens_added", details, views).await?;
        drop(turn);
        for NewDevice { id, room } in devices {
            if let Some(room) = room {
                recorded &= bind(context, id, room).await?;
            }
        }
        Ok(Changed { now: tokens, recorded })
    }
}

async fn check(context: &ControlContext, devices: &[NewDevice]) -> anyhow::Result<()> {
    if devices.len() > MOST_DEVICES {
        bail!("{} devices at once are too many: give at most {MOST_DEVICES}", devices.len());
    }
    let rooms = match devices.iter().any(|device| device.room.is_some()) {
        true => rooms(context).await?,
        // No room is named, so there is no reason to wait for the disk.
        false => Vec::new(),
    };
    let mut ids = HashSet::new();
    for NewDevice { id, room } in devices {
        if !ids.insert(id) {
            bail!("device {id:?} is listed twice: give each once");
        }
        if let Some(room) = room
            && !rooms.contains(room)
        {
            let known: Vec<&str> = rooms.iter().map(RoomId::as_str).collect();
            bail!(
                "there is no room {room:?} for device {id:?}: the rooms are {}",
                known.join(", ")
            );
        }
    }
    Ok(())
}

/// All rooms; a running server knows them without the disk.
async fn rooms(context: &ControlContext) -> anyhow::Result<Vec<RoomId>> {
    if let RecordSink::Ward(ward) = &context.sink {
        return Ok(ward.ask(ListRoomIds).await?);
    }
    let mut rooms = context.rooms.clone();
    let known = context.store.rooms().await?.into_iter().map(|row| row.id);
    rooms.extend(known.filter(|id| !context.rooms.contains(id)));
    Ok(rooms)
}

/// Binds a device to a room. Whether that is on disk.
pub(super) async fn bind(
    context: &ControlContext,
    device: DeviceId,
    room: RoomId,
) -> anyhow::Result<bool> {
    if let RecordSink::Ward(ward) = &context.sink {
        return Ok(ward
            .act(whoever_may(), Bind { device, room: Some(room), is_confirmed: true })
            .await?
            .recorded);
    }
    let details = json!({"device": device, "room": room});
    let audit = audit(context.clock, "bind device", format!("{device} to room {room}"));
    let views = vec![Upsert::Binding { device, room: Some(room) }, audit];
    context.sink.record(context.clock, "binding", details, views).await
}

/// Whoever may open the data directory.
fn whoever_may() -> Actor {
    actor(WHO.to_owned(), Authority::Nurse)
}

/// The devices that were ever heard, are bound or have a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDevices {}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What it calls itself, where that is no id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// The room that it belongs to.
    pub room: Option<RoomId>,
    /// The language in which it was heard.
    pub adapter: Option<String>,
    /// When it was heard last; without a running server, when that was last noted.
    pub last_seen: Option<Millis>,
    /// Whether it has a token.
    #[serde(default)]
    pub token: bool,
}

impl Device {
    /// A device of which only the id is known.
    fn with_token(id: DeviceId) -> Self {
        Self { id, original: None, room: None, adapter: None, last_seen: None, token: true }
    }
}

impl Request for ListDevices {
    type Answer = Vec<Device>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Vec<Device>> {
        let rows = context.store.register().tokens(TokenKind::Device, context.clock.now());
        let mut tokens: HashSet<String> = rows.into_iter().map(|row| row.subject).collect();
        let mut devices = known(context).await?;
        for device in &mut devices {
            device.token = tokens.remove(device.id.as_str());
        }
        for id in tokens {
            devices.push(Device::with_token(DeviceId::new(&id)?));
        }
        devices.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(devices)
    }
}

/// The devices, as a server knows them now, or as they are on disk.
async fn known(context: &ControlContext) -> anyhow::Result<Vec<Device>> {
    #[derive(Deserialize)]
    struct Known {
        devices: Vec<Device>,
    }
    if let RecordSink::Ward(ward) = &context.sink {
        let Known { devices } = serde_json::from_str(&ward.ask(ward::ListDevices).await?)?;
        return Ok(devices);
    }
    let device = |row: DeviceRow| Device {
        id: row.id,
        original: row.original,
        room: row.room,
        adapter: row.adapter,
        last_seen: row.last_heard,
        token: false,
    };
    Ok(context.store.devices().await?.into_iter().map(device).collect())
}

/// Forgets a device that belongs to no room, and ends its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveDevice {
    /// The device.
    pub device: DeviceId,
}

impl Request for RemoveDevice {
    type Answer = Changed<DeviceId>;
    const MAY_BEGIN_DATA: bool = true;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<DeviceId>> {
        let Self { device: id } = self;
        let _turn = context.store.register().changing().await;
        if let RecordSink::Ward(ward) = &context.sink {
            let recorded =
                ward.act(whoever_may(), ward::RemoveDevice { device: id.clone() }).await?.recorded;
            return Ok(Changed { now: id, recorded });
        }
        let row = context.store.device(&id).await?;
        let has_token = context.store.register().has_token(TokenKind::Device, id.as_str());
        if row.is_none() && !has_token {
            bail!("there is no device {id:?}: `dripwatch device list` shows them all");
        }
        if let Some(room) = row.and_then(|row| row.room) {
            bail!("{id} belongs to room {room}: take it out of its room on screen first");
        }
        if context.devices.contains(&id) {
            bail!("{id} is in the configuration: remove it from [[devices]] there first");
        }
        let views = vec![
            Upsert::EndTokens { kind: TokenKind::Device, subject: id.to_string() },
            Upsert::DeviceRemoved { device: id.clone() },
            audit(context.clock, "remove device", id.to_string()),
        ];
        let details = json!({"device": id});
        let recorded = context.sink.record(context.clock, "device_removed", details, views).await?;
        Ok(Changed { now: id, recorded })
    }
}
