public import Linux
public import Log
public import Settings
import Synchronization
import TLS

/// Reloads the settings while the service runs: completely and without errors, or not at all.
extension Supervisor {
  private static let tooLate = "not reloaded: the service is stopping"

  /// Re-reads the settings and puts them in force unless they have errors. Answers `request`, if there is
  /// one, once every worker has adopted them.
  mutating func reload(_ request: UInt32?) {
    guard common.shared.phase.load(ordering: .acquiring) == .serving else {
      return answer(request, .stopping, [Self.tooLate])
    }
    tell(readiness.beginReload())
    switch reread() {
    case .good(let settings, let policy, let remarks):
      putInForce(settings, policy, remarks, request)
    case .bad(let faults): refuse(faults.map(\.text), .reloadRefused, .configuration, request)
    case .unreadable(let error): refuse([error.text], .reloadFailed, .unreadable, request)
    }
  }

  private mutating func putInForce(
    _ wanted: Settings, _ policy: Policy, _ remarks: [Record], _ request: UInt32?
  ) {
    status.note(refusal: nil)
    certificate.watch(policy.tls?.chain.first, at: .now)
    let (left, settings) = withoutRestart(wanted)
    self.settings = settings
    common.writer.apply(settings)
    common.writer.know(devices: policy.deviceRules.names)
    let limits = Limits(settings, places)
    for listener in common.listeners { listener.limitUnread(limits.unread) }
    let edition = common.shared.put(policy, limits)
    let said =
      remarks + Service.remarks(settings, places)
      + left.map { Record(.restartNeeded, about: nil, attachment: .text(AttachedText([$0.key]))) }
    for record in said { common.writer.put(record, into: crew.count) }
    pendingReloads.append(
      PendingReload(
        edition: edition, request: request,
        facts: Service.facts(settings, policy.tls, common.listeners, common.writer),
        lines: said.map(\.sentence)))
    common.shared.wakeEverybody()
  }

  /// Splits `wanted`: the settings to put in force now, and those changed that need a restart.
  private func withoutRestart(_ wanted: Settings) -> (left: [Setting], Settings) {
    var settings = wanted
    var left: [Setting] = []
    for setting in Setting.all where setting.effect != .reload {
      let value = setting.text(self.settings)
      guard setting.text(wanted) != value else { continue }
      try? setting.set(value, &settings)
      // Passed sockets ignore it altogether, and a remark has said so.
      if setting.effect != .binding || !common.listeners.contains(where: \.isPassed) {
        left.append(setting)
      }
    }
    return (left, settings)
  }

  private mutating func refuse(
    _ lines: [String], _ event: Event, _ outcome: ReloadOutcome, _ request: UInt32?
  ) {
    status.note(refusal: lines.first)
    let record = Record(event, about: nil, attachment: .text(AttachedText(lines)))
    common.writer.put(record, into: crew.count)
    answer(request, outcome, lines)
    endReload()
  }

  /// Answers the reloads whose policy every worker has adopted.
  mutating func concludeReloads() {
    guard !pendingReloads.isEmpty else { return }
    let edition = crew.map(\.counters.edition).min() ?? 0
    let concluded = pendingReloads.prefix { $0.edition <= edition }
    guard !concluded.isEmpty else { return }
    pendingReloads.removeFirst(concluded.count)
    for reload in concluded {
      let record = Record(.reloaded, about: nil, attachment: .service(reload.facts))
      common.writer.put(record, into: crew.count)
      answer(reload.request, .reloaded, ["reloaded"] + reload.lines)
      endReload()
    }
  }

  /// Answers the reloads still pending when all workers have ended.
  mutating func giveUpReloads() {
    for reload in pendingReloads {
      answer(reload.request, .stopping, [Self.tooLate])
      endReload()
    }
    pendingReloads.removeAll()
  }

  /// Notifies the service manager of the end of a reload, and updates the status line.
  private mutating func endReload() {
    tell(readiness.endReload())
    if readiness.isServing {
      status.tellAnew(at: .now, to: manager, common.shared, crew: crew)
    }
  }

  private mutating func answer(_ request: UInt32?, _ outcome: ReloadOutcome, _ lines: [String]) {
    guard let request else { return }
    answers.put(ReloadAnswer(outcome, lines), to: request, at: .now)
  }
}

/// The result of re-reading the configuration.
public enum ReloadedConfiguration {
  /// It is valid: the settings, their policy, and remarks to log.
  case good(Settings, Policy, remarks: [Record])
  /// It has errors, all of which are here; the previous one stays in force.
  case bad([Diagnostic])
  /// It could not be read, for want of descriptors or memory.
  case unreadable(SystemError)
}

/// A reload whose policy some worker has not adopted yet.
struct PendingReload {
  /// The edition of the policy.
  let edition: Int
  /// The request to answer, if any.
  let request: UInt32?
  /// The facts about the service under this policy.
  let facts: ServiceFacts
  /// The remarks for the answer.
  let lines: [String]
}
