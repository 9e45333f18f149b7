public import UpperLayer

/// The devices that `--probe --devices` asks: those in the file that have the key `probe`.
extension Settings {
  /// The most titles that a message lists.
  private static let mostListed = 10

  /// The devices called `titles`, or all if there are no titles, each with the target to probe.
  ///
  /// Throws the mistake in the titles, or in the file if it has no such device.
  public func devices(
    toProbe titles: [AETitle]
  ) throws(Mistake) -> [(title: AETitle, target: ProbeTarget)] {
    let all = devices.compactMap { device in device.probe.map { (title: device.title, target: $0) }
    }
    if all.isEmpty {
      throw Mistake(
        "--devices: no \(DeviceSection.form) section has the key probe",
        "add probe = HOST:PORT to the sections of the devices to probe")
    }
    if titles.isEmpty { return all }
    var chosen: [(title: AETitle, target: ProbeTarget)] = []
    for title in titles {
      guard let device = all.first(where: { $0.title == title }) else {
        throw mistake(title, among: all.map(\.title.unpadded))
      }
      chosen.append(device)
    }
    return chosen
  }

  private func mistake(_ title: AETitle, among names: [String]) -> Mistake {
    let section = DeviceSection.text(of: title)
    if devices.contains(where: { $0.title == title }) {
      return Mistake("--devices: \(section) has no key probe", "add probe = HOST:PORT to it")
    }
    let rest = names.count - Self.mostListed
    let listed = ListText.of(Array(names.prefix(Self.mostListed)))
    return Mistake(
      "--devices: there is no \(section)",
      expected: listed + (rest > 0 ? ", or one of \(rest) more" : ""))
  }
}
