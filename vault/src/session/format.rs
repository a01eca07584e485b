//! The vault in the repository opens for ever, and every value on the way to its text is the one
//! that `FORMAT.md` and its reader in Python give.
use std::{fs, path::Path};

use serde_json::{Value, json};

use super::*;
use crate::{KdfParams, Passphrase, Vault, hex, kdf, keys::keyed_hash, testing::Place};

#[test]
fn format_1_opens_and_agrees_with_its_values() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"));
    let expected = fs::read_to_string(data.join("format1.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let place = Place::new();
    fs::copy(data.join("format1.inglenook"), &place.path).unwrap();
    let passphrase = Passphrase::new(expected["passphrase"].as_str().unwrap());
    let session = Vault::open(&place.path).unwrap().unlock(&passphrase).unwrap();
    assert!(session.integrity().is_sound());
    assert_eq!(session.generation(), expected["root"]["generation"]);
    let found = values(&session, &passphrase, expected["record"]["id"].as_str().unwrap());
    for (name, value) in found.as_object().unwrap() {
        assert_eq!(value, &expected[name], "{name}");
    }
}

/// The values on the way, under the names that `format1.json` has for them.
fn values(session: &Session, passphrase: &Passphrase, record: &str) -> Value {
    let slot = &session.ledger.slots()[0].bytes;
    let salt = slot[60..92].try_into().unwrap();
    let derived = kdf::derive(passphrase.as_bytes(), &salt, KdfParams::FLOOR).unwrap();
    let revisions = session.entries.values().flat_map(|lineage| &lineage.0);
    let id: [u8; 16] = hex::decode(record).unwrap();
    let stored = revisions.map(|revision| revision.stored).find(|stored| stored.id == id).unwrap();
    let payload = session.ledger.read(&stored).unwrap().payload;
    json!({
        "vault_id": hex::encode(&session.master.vault.0),
        "salt": hex::encode(&salt),
        "derived": hex::encode(&*derived),
        "wrapping": hex::encode(&keyed_hash(&derived, b"ink1 slot key", &[&[0; 32]])),
        "commitment": hex::encode(&slot[92..124]),
        "wrapped": hex::encode(&slot[124..]),
        "master_key": hex::encode(&*session.master.key),
        "records_key": hex::encode(&*session.ledger.keys.records),
        "root_key": hex::encode(&*session.ledger.keys.root),
        "record": {
            "id": record,
            "sealed": hex::encode(&session.ledger.store.sealed(stored.row).unwrap()),
            "payload": String::from_utf8(payload.to_vec()).unwrap(),
        },
        "entries": entries(session),
        "attachments": attachments(session),
        "values": { "theme": hex::encode(&session.value("theme").unwrap().unwrap()) },
    })
}

fn entries(session: &Session) -> Value {
    let mut entries = Vec::new();
    session
        .for_each_entry(&mut |entry| {
            entries.push(json!({
                "entry": entry.id.to_string(),
                "revision": hex::encode(&entry.revision.0),
                "conflicts": session.conflicts(entry.id).unwrap().len(),
                "content": serde_json::to_value(&entry.content).unwrap(),
            }));
        })
        .unwrap();
    Value::Array(entries)
}

fn attachments(session: &Session) -> Value {
    let attached = session.ids().into_iter().flat_map(|entry| session.attachments(entry));
    let read = |attachment: Attachment| {
        let mut bytes = Vec::new();
        session.read_attachment(attachment.id, &mut bytes).unwrap();
        let (entry, name) = (attachment.entry.to_string(), attachment.name);
        let file = json!({ "entry": entry, "name": name, "bytes": hex::encode(&bytes) });
        (String::from(attachment.id), file)
    };
    Value::Object(attached.map(read).collect())
}
