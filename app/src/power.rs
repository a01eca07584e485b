//! Whether the computer runs on mains power: what can wait is not done on a battery.
use std::{fs, path::Path};

/// Where Linux tells of power supplies.
#[cfg(target_os = "linux")]
const SUPPLIES: &str = "/sys/class/power_supply";

/// Whether it does, or has no battery that anybody can tell of.
#[must_use]
pub fn is_on_mains() -> bool {
    #[cfg(target_os = "linux")]
    return is_supplied(Path::new(SUPPLIES));
    #[cfg(not(target_os = "linux"))]
    true
}

/// On mains where one of them says so; else where no battery is being emptied.
#[cfg(target_os = "linux")]
fn is_supplied(supplies: &Path) -> bool {
    let folders: Vec<_> = fs::read_dir(supplies).into_iter().flatten().flatten().collect();
    let says = |name: &str, value: &str| {
        folders.iter().any(|folder| {
            fs::read_to_string(folder.path().join(name)).is_ok_and(|text| text.trim() == value)
        })
    };
    says("online", "1") || !says("status", "Discharging")
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_battery_that_empties_is_no_mains() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_supplied(&folder.path().join("absent")) && is_supplied(folder.path()));
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("BAT0/status", "Discharging\n");
        write("AC/online", "0\n");
        assert!(!is_supplied(folder.path()));
        write("AC/online", "1\n");
        assert!(is_supplied(folder.path()));
        write("AC/online", "0\n");
        write("BAT0/status", "Full\n");
        assert!(is_supplied(folder.path()));
    }
}
