use super::protocol::{Request, Response};
use super::{Ledger, people, profiles, records};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::store::Store;
use crate::vitals::{DeviceId, RoomId};

/// What the work is done with.
#[derive(Clone, Debug)]
pub struct Office {
    /// Where changes are written.
    pub ledger: Ledger,
    /// Where recordings are read.
    pub journal: Journal,
    /// Where everything else is read.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The rooms of the configuration; staff may have added more.
    pub rooms: Vec<RoomId>,
    /// The devices of the configuration, which are not removed.
    pub devices: Vec<DeviceId>,
}

/// Does what is asked. What cannot be done, and what fails, is answered in words.
pub async fn perform(request: Request, office: &Office) -> Response {
    let done = match request {
        Request::AddStaff { name, initials, role, password, pin } => {
            people::add_staff(office, name, initials, &role, password, pin).await
        }
        Request::Staff {} => Ok(people::staff(office)),
        Request::AddDevices { devices } => people::add_devices(office, devices).await,
        Request::Devices {} => people::devices(office).await,
        Request::RemoveDevice { device } => people::remove_device(office, device).await,
        Request::AddToken { name, role } => people::add_token(office, name, &role).await,
        Request::Tokens {} => Ok(people::tokens(office)),
        Request::RevokeToken { name } => people::revoke_token(office, name).await,
        Request::DisableStaff { name } => people::disable_staff(office, &name).await,
        Request::SetRole { name, role } => people::set_role(office, &name, &role).await,
        Request::SetPassword { name, password } => {
            people::set_password(office, &name, password).await
        }
        Request::Profiles {} => profiles::profiles(office).await,
        Request::Profile { name, version } => profiles::profile(office, &name, version).await,
        Request::PutProfile { text, form } => profiles::put_profile(office, &text, form).await,
        Request::ApproveProfile { name, version, by } => {
            profiles::approve_profile(office, name, version, by.as_deref()).await
        }
        Request::Sessions { after } => records::sessions(office, after).await,
        Request::Export { session, place } => records::export(office, &session, place).await,
        Request::Chains {} => Ok(records::chains(office)),
        Request::Verify { chain } => records::verify(office, chain).await,
    };
    done.unwrap_or_else(|error| Response::Refused { why: error.to_string() })
}
