//! Whose message it is: the sender's id, the bed, the patient.

use std::net::IpAddr;

use super::bed::{Bed, bed_of, bed_or_room};
use super::message::{Message, Part};
use crate::adapters::{Authority, Identity, MAX_IDS, PatientId, PatientIds, digest};
use crate::vitals::{DeviceId, OLD_BED, Original};

/// The longest bed that is kept, in characters. Of a longer one the digest is kept.
const MAX_BED: usize = 64;

/// What is known of the sender besides its message.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The other end of the connection.
    pub peer: IpAddr,
    /// The configured name for senders that do not name themselves.
    pub default_device: Option<&'a DeviceId>,
}

/// The message is about two patients or two beds, which one device cannot watch at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AmbiguousIdentity;

/// Bed and patient. Only one of each may be named.
pub(super) fn identity(message: &Message<'_>, peer: IpAddr) -> Result<Identity, AmbiguousIdentity> {
    let mut found = Identity { peer: Some(peer.to_canonical()), ..Identity::default() };
    for segment in message.segments() {
        if segment.is("PID") {
            let ids = patient_ids(&segment.field(3));
            if !ids.is_empty() && !found.patient.is_empty() && !ids.share_one(&found.patient) {
                return Err(AmbiguousIdentity);
            }
            found.patient.add_all(&ids);
        } else if segment.is("PV1") {
            merge(
                &mut found.bed,
                bed_or_room(&segment.first(3)).map(|bed| kept(&bed.text, MAX_BED)),
            )?;
        }
    }
    Ok(found)
}

/// `id^check digit^scheme^authority^type`, repeated. The type says nothing about the authority.
fn patient_ids(pid_3: &Part<'_>) -> PatientIds {
    let id = |repetition: Part<'_>| {
        let number = repetition.component(1).text();
        let authority = repetition.component(4);
        let part = |n: usize| authority.subcomponents().nth(n).map(|part| part.text());
        let (name, universal) = (part(0).unwrap_or_default(), part(1).unwrap_or_default());
        (!number.is_empty()).then(|| PatientId {
            number: digest(&number),
            authority: Authority::of(&name, &universal),
        })
    };
    pid_3.repetitions().filter_map(id).take(MAX_IDS).collect()
}

fn merge(known: &mut Option<String>, new: Option<String>) -> Result<(), AmbiguousIdentity> {
    match (&known, new) {
        (_, None) => Ok(()),
        (None, new) => {
            *known = new;
            Ok(())
        }
        (Some(known), Some(new)) if *known == new => Ok(()),
        _ => Err(AmbiguousIdentity),
    }
}

/// At most this many characters of what distinguishes two things; two that differ stay different.
pub(super) fn kept(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let [a, b, c, d, ..] = digest(text);
    let begin: String = text.chars().take(longest.saturating_sub(9)).collect();
    format!("{begin}#{a:02x}{b:02x}{c:02x}{d:02x}")
}

/// Who sent a message.
pub(super) struct NamedDevice {
    pub device: DeviceId,
    /// The name that it gives itself, if that is not an id.
    pub original: Option<Original>,
    /// The id that earlier versions gave it, if it is distinguished by its bed.
    pub old_id: Option<DeviceId>,
}

impl NamedDevice {
    fn by(name: &str) -> Option<Self> {
        let (device, original) = DeviceId::of_parts(&[name]).ok()?;
        Some(Self { device, original, old_id: None })
    }

    fn by_bed(name: &str, bed: &Bed) -> Option<Self> {
        let (device, original) = DeviceId::of_parts(&[name, &bed.text]).ok()?;
        let old_bed: String = bed.unmarked.chars().take(OLD_BED).collect();
        let old_id = DeviceId::unmarked(&format!("{name}:{old_bed}")).ok();
        Some(Self { device, original, old_id })
    }
}

/// The sender's id: OBX-18, otherwise ORC-18, otherwise the EUI-64 of MSH-3 if no bed is named,
/// otherwise the sender's name and the bed, if that counts. Several devices may share a connection.
pub(super) fn device(
    message: &Message<'_>,
    bed_counts: bool,
    sender: &Sender<'_>,
) -> Option<NamedDevice> {
    let bed = bed_of(message).filter(|_| bed_counts);
    let header = message.header();
    let application = header.first(3);
    let of_rows = |id: &str| {
        let mut named = message.segments().filter(|s| s.is(id));
        named.find_map(|s| first_filled(&s.first(18)))
    };
    let eui64 = || bed.is_none().then(|| eui64(&application)).flatten();
    if let Some(own) = of_rows("OBX").or_else(|| of_rows("ORC")).or_else(eui64) {
        return NamedDevice::by(&own);
    }
    let name = first_filled(&application).or_else(|| first_filled(&header.first(4)));
    let address = || sender.peer.to_canonical().to_string();
    match (name, &bed, sender.default_device) {
        (None, None, Some(device)) => {
            Some(NamedDevice { device: device.clone(), original: None, old_id: None })
        }
        (name, Some(bed), _) => NamedDevice::by_bed(&name.unwrap_or_else(address), bed),
        (name, None, _) => NamedDevice::by(&name.unwrap_or_else(address)),
    }
}

fn first_filled(field: &Part<'_>) -> Option<String> {
    let mut texts = field.components().map(|c| c.text());
    texts.find(|text| !text.is_empty()).map(|t| t.into_owned())
}

fn eui64(application: &Part<'_>) -> Option<String> {
    let (id, kind) = (application.component(2).text(), application.component(3).text());
    let looks_like_one = id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let says_so = kind.eq_ignore_ascii_case("EUI-64") && !id.is_empty();
    (looks_like_one || says_so).then(|| id.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));

    fn device_of(text: &str, default_device: Option<&DeviceId>) -> String {
        let message = Message::parse(text).unwrap();
        let sender = Sender { peer: PEER, default_device };
        device(&message, true, &sender).unwrap().device.as_str().to_owned()
    }

    fn kept_bed(pv1_3: &str) -> Option<String> {
        let text = format!("MSH|^~\\&|\rPV1||I|{pv1_3}|");
        identity(&Message::parse(&text).unwrap(), PEER).unwrap().bed
    }

    const EUI: &str = "MSH|^~\\&|MONITOR^0011223344556677^EUI-64|\r";

    #[test]
    fn the_equipment_of_the_first_row_that_names_it_is_the_sender() {
        let rows = "PV1||I|^^4\rORC|NW|||||||||||||||||SER1\r\
            OBX|1|NM|||1\rOBX|2|NM|||1|||||||||||||EQ 7^x\r";
        assert_eq!(device_of(&format!("{EUI}{rows}"), None), "EQ-7-611fdc49a3");
    }

    #[test]
    fn then_the_order_s_entering_device() {
        let text = "MSH|^~\\&|^Model|\rORC|NW|||||||||||||||||SER1\r";
        assert_eq!(device_of(text, None), "SER1");
    }

    #[test]
    fn then_the_eui64_unless_a_bed_is_named() {
        assert_eq!(device_of(EUI, None), "0011223344556677");
        assert_eq!(device_of(&format!("{EUI}PV1||I|W^^9"), None), "MONITOR:9");
    }

    #[test]
    fn then_a_name_and_the_bed() {
        let with = |msh: &str| device_of(&format!("MSH|^~\\&|{msh}|\rPV1||I|^^2"), None);
        assert_eq!(with("^Model|Unit"), "Model:2");
        assert_eq!(with("|Unit"), "Unit:2");
        assert_eq!(with("|"), "10.0.0.7:2");
        assert_eq!(device_of("MSH|^~\\&|A|\r", None), "A");
        assert_eq!(device_of("MSH|^~\\&||\r", None), "10.0.0.7");
    }

    #[test]
    fn the_configured_name_is_for_senders_without_any() {
        let configured = DeviceId::new("cart-2").unwrap();
        assert_eq!(device_of("MSH|^~\\&||\r", Some(&configured)), "cart-2");
        assert_eq!(device_of("MSH|^~\\&|A|\r", Some(&configured)), "A");
        let bed = "MSH|^~\\&||\rPV1||I|^^2";
        assert_eq!(device_of(bed, Some(&configured)), "10.0.0.7:2");
    }

    #[test]
    fn beds_are_found_where_monitors_put_them() {
        for (pv1_3, bed) in [
            ("INF^^1^2", Some("1")),
            ("^^Chair5&3&1", Some("Chair5")),
            ("^^&17", Some("17")),
            ("^^Day ward&6&3232235777&4600", Some("Day ward-6")),
            ("^R12", Some("R12")),
            ("^^", None),
            ("WARD", None),
            ("", None),
        ] {
            assert_eq!(kept_bed(pv1_3).as_deref(), bed, "{pv1_3}");
        }
    }

    #[test]
    fn two_names_that_are_no_ids_stay_two_devices() {
        let of_rows = |id: &str| {
            let text = format!("MSH|^~\\&||\rOBX|1|NM|||1|||||||||||||{id}\r");
            device_of(&text, None)
        };
        assert_eq!(of_rows("bed-1"), "bed-1");
        assert!(of_rows("bed/1").starts_with("bed-1-") && of_rows("bed#1").starts_with("bed-1-"));
        assert_ne!(of_rows("bed/1"), of_rows("bed#1"));
        let long = "x".repeat(200);
        assert_ne!(of_rows(&format!("{long}1")), of_rows(&format!("{long}2")));
        let of_bed = |bed: &str| device_of(&format!("MSH|^~\\&|A|\rPV1||I|^^{bed}"), None);
        assert_ne!(of_bed(&format!("{long}1")), of_bed(&format!("{long}2")));
        let beds = |bed: &str| kept_bed(&format!("^^{bed}")).unwrap();
        assert_ne!(beds(&format!("{long}1")), beds(&format!("{long}2")));
        assert_eq!(beds(&long).chars().count(), MAX_BED);
        let named =
            |name: &str, bed: &str| device_of(&format!("MSH|^~\\&|{name}|\rPV1||I|^^{bed}"), None);
        assert_ne!(named("A:B", "C"), named("A", "B:C"));
        let ward = |department: &str, bed: &str| {
            kept_bed(&format!("^^{department}&{bed}&3232235777&4600"))
        };
        assert_ne!(ward("A-1", "2"), ward("A", "1-2"));
    }

    /// The id that earlier versions gave the sender, by which its room may be known.
    fn old_id_of(msh_3: &str, pv1_3: &str, peer: &str) -> String {
        let text = format!("MSH|^~\\&|{msh_3}|\rPV1||I|{pv1_3}");
        let message = Message::parse(&text).unwrap();
        let sender = Sender { peer: peer.parse().unwrap(), default_device: None };
        let NamedDevice { device, original, old_id } = device(&message, true, &sender).unwrap();
        let identity = Identity { original, old_id, ..Identity::default() };
        identity.known_before(&device).as_str().to_owned()
    }

    #[test]
    fn a_sender_is_known_by_the_id_that_earlier_versions_gave_it() {
        let (b64, b70) = ("b".repeat(64), "b".repeat(70));
        for (msh_3, pv1_3, old) in [
            ("MON", "^^7", "MON:7".to_owned()),
            ("MON", "^^ICU&7&3232235777&4600", "MON:ICU-7".to_owned()),
            ("MON", "^^ICU-2&7&3232235777&4600", "MON:ICU-2-7".to_owned()),
            ("MON", "^^ICU&2-7&3232235777&4600", "MON:ICU-2-7".to_owned()),
            ("A:B", "^^C", "A:B:C".to_owned()),
            ("VS 9", "^^B/7", "VS-9:B-7".to_owned()),
            ("", "^^7", "fe80::1:7".to_owned()),
            ("MON", &format!("^^{b70}"), format!("MON:{b64}")),
            ("MON", &format!("^{b70}"), format!("MON:{b64}")),
            (&b70, &format!("^^{b70}"), format!("{b70}:{}", &b70[..57])),
        ] {
            assert_eq!(old_id_of(msh_3, pv1_3, "fe80::1"), old, "{msh_3} {pv1_3}");
        }
    }

    fn patient_of(pid_3: &str) -> PatientIds {
        let text = format!("MSH|^~\\&|\rPID|||{pid_3}|");
        identity(&Message::parse(&text).unwrap(), PEER).unwrap().patient
    }

    #[test]
    fn a_patient_is_all_of_the_ids_with_their_authorities() {
        for (first, then, same) in [
            ("A77^^^HOSP^MR~B99^^^CLIN^PI", "B99^^^CLIN^PI~A77^^^HOSP^MR", true),
            ("A77^^^HOSP^MR~B99^^^CLIN^PI", "B99^^^CLIN^VN", true),
            ("A77^^^HOSP^MR", "A77", true),
            ("~ A77 ^^^HOSP", "A77^5^M10^HOSP", true),
            ("A77^^^HOSP&1.2.840.1&ISO", "A77^^^&1.2.840.1&ISO", true),
            ("A77^^^HOSP", "A77^^^CLIN", false),
            ("A77^^^HOSP", "A78^^^HOSP", false),
        ] {
            assert_eq!(patient_of(first).share_one(&patient_of(then)), same, "{first} {then}");
        }
        for empty in ["\"\"", "^^^X", "", "~~"] {
            assert!(patient_of(empty).is_empty(), "{empty}");
        }
    }

    #[test]
    fn two_patients_or_beds_in_one_message_are_an_error() {
        let of = |rows: &str| {
            let text = format!("MSH|^~\\&|\r{rows}");
            identity(&Message::parse(&text).unwrap(), PEER).map(|_| ())
        };
        assert_eq!(of("PID|||A\rPID|||B"), Err(AmbiguousIdentity));
        assert_eq!(of("PID|||A^^^H\rPID|||A^^^C"), Err(AmbiguousIdentity));
        assert_eq!(of("PV1||I|^^1\rPV1||I|^^2"), Err(AmbiguousIdentity));
        assert_eq!(of("PID|||A\rPV1||I|^^1\rPID|||A\rPV1||I|"), Ok(()));
        assert_eq!(of("PID|||A^^^H~B\rPID|||B^^^C~D\rPID|||D"), Ok(()));
    }
}
