//! The ways in for monitors.

use std::net::SocketAddr;

use super::problem::quoted;
use super::section::{Distinct, Section, Written};
use super::{Adapter, AdapterKind, AddressRange, Config, Fault, Server, schema, values};

pub(super) fn adapters(written: &Written<'_>, has_file: bool, server: &Server) -> Vec<Adapter> {
    let Some(sections) = written.entries(&schema::ADAPTERS) else {
        return if has_file { Vec::new() } else { Config::default().adapters };
    };
    let mut addresses = Distinct::default();
    sections.iter().filter_map(|section| adapter(section, server, &mut addresses)).collect()
}

fn adapter(section: &Section<'_>, server: &Server, addresses: &mut Distinct) -> Option<Adapter> {
    let kind = section.required("kind", AdapterKind::Hl7Mllp.name());
    let kind = kind.and_then(|text| section.judged("kind", &text, values::adapter_kind));
    let device = section.get("device", values::device_id);
    let listen = listen(section, server, addresses);
    let allow = allow(section, listen);
    Some(Adapter { kind: kind?, listen: listen?, device, allow: allow? })
}

fn listen(section: &Section<'_>, server: &Server, addresses: &mut Distinct) -> Option<SocketAddr> {
    const USUAL: &str = "127.0.0.1:2575";
    let mut has_other_way = false;
    for key in ["connect", "serial"].into_iter().filter(|key| section.has(key)) {
        let remedy = format!("write listen = {USUAL:?} and let the monitor connect");
        section.note(key, Fault::new("is not in this version", remedy));
        has_other_way = true;
    }
    let text =
        if has_other_way { section.value("listen") } else { section.required("listen", USUAL) }?;
    let listen = section.judged("listen", &text, values::adapter_listen)?;
    // With port 0 each gets a free port.
    if listen.port() != 0 {
        addresses.add("listen", section, &text);
        if clash(listen, server.listen) {
            let what = format!("{} is taken by the server itself", quoted(text.get_ref()));
            section.note_text("listen", &text, Fault::new(what, "write another port"));
        }
    }
    Some(listen)
}

/// Whether two sockets cannot both listen there.
fn clash(a: SocketAddr, b: SocketAddr) -> bool {
    let (a_ip, b_ip) = (a.ip().to_canonical(), b.ip().to_canonical());
    a.port() == b.port() && (a_ip == b_ip || a_ip.is_unspecified() || b_ip.is_unspecified())
}

/// Who may connect: whoever the file names, or only this machine if nobody else could reach it.
fn allow(section: &Section<'_>, listen: Option<SocketAddr>) -> Option<Vec<AddressRange>> {
    if section.has("allow") {
        let texts = section.texts("allow")?;
        if texts.is_empty() {
            let what = "names nobody, so that no monitor could connect";
            let remedy = r#"write who may, as in allow = ["127.0.0.0/8"], or remove the adapter"#;
            section.note("allow", Fault::new(what, remedy));
        }
        let ranges =
            texts.into_iter().filter_map(|text| section.judged("allow", &text, str::parse));
        return Some(ranges.collect());
    }
    let address = listen?.ip();
    if !address.to_canonical().is_loopback() {
        let what = "is missing, and other machines can reach this adapter";
        let remedy = r#"write who may connect, as in allow = ["192.168.20.0/24"]"#;
        section.note("allow", Fault::new(what, remedy));
    }
    Some(vec![AddressRange::loopback_of(address)])
}
