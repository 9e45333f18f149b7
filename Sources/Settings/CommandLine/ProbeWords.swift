import UpperLayer

/// The operands of `--probe`: its targets or, with `--devices`, the AE titles of devices.
struct ProbeWords: Sendable {
  /// The most targets that a remark shows.
  private static let mostShown = 8

  /// The words that name targets, as typed.
  private(set) var typed: [String] = []
  /// Whether the port of a host is a separate word.
  private var isPortApart = false

  /// Adds `word` to the targets or devices of `probe`.
  mutating func add(_ word: String, to probe: inout ProbeSettings) throws(Mistake) {
    if probe.isOfDevices { return try Self.add(device: word, to: &probe) }
    if addPort(word, to: &probe) { return }
    // The name of a port can only be that of the host before it.
    if let problem = Endpoint.problem(port: word), !typed.isEmpty {
      throw Mistake("--probe: \(problem)")
    }
    let target = try ProbeTarget(word)
    if isPortApart, case .local = target.place {
      throw Mistake(of: word, "is one port too many", "type each port after its host: pacs:104")
    }
    typed.append(word)
    if !probe.targets.contains(target) { probe.targets.append(target) }
  }

  private static func add(device word: String, to probe: inout ProbeSettings) throws(Mistake) {
    do throws(Mistake) {
      let title = try Format<AETitle>.aeTitle.read(word)
      if !probe.devices.contains(title) { probe.devices.append(title) }
    } catch {
      throw error.behind("--devices")
    }
  }

  /// Adds the word if it is the port of the host before it, as other requestors have it. Returns whether it is.
  private mutating func addPort(_ word: String, to probe: inout ProbeSettings) -> Bool {
    guard let last = probe.targets.indices.last,
      case .host(let host, port: nil) = probe.targets[last].place,
      let port = try? Format.port.read(word)
    else { return false }
    probe.targets[last].place = .host(host, port: port)
    isPortApart = true
    return true
  }

  /// The interpretation of the words if they are in the notation of another requestor, otherwise `nil`.
  func remark(on probe: ProbeSettings) -> String? {
    if !isPortApart { return nil }
    let shown = probe.targets.prefix(Self.mostShown).map { target in
      Quotation.shellWord(target.text) ?? Quotation.of(target.text)
    }
    let rest = probe.targets.count > shown.count ? " …" : ""
    return "understood as --probe \(shown.joined(separator: " "))\(rest)"
  }
}

extension ProbeSettings {
  /// Throws the first contradiction between the options for a probe.
  func check() throws(Mistake) {
    if let called = calledAETitle {
      if isOfDevices {
        throw Mistake(
          "--called-ae-title conflicts with --devices, which calls each device by its title",
          "use only one of them")
      }
      if !targets.isEmpty, targets.allSatisfy({ $0.title != nil && $0.title != called }) {
        throw Mistake(
          "the AE title before @ conflicts with --called-ae-title", "use only one of them")
      }
    }
    if isOfDevices, let target = targets.first {
      throw Mistake(
        "--devices conflicts with the host \(Quotation.of(target.text))", "use only one of them")
    }
    if let warning, let critical, warning > critical {
      let (low, high) = (Format.seconds.write(critical), Format.seconds.write(warning))
      throw Mistake(
        "--warning (\(high) s) is above --critical (\(low) s)",
        "type -w \(low) -c \(high) if you mean the reverse")
    }
  }
}
