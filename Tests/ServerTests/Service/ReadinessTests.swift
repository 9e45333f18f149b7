import Linux
import Log
import Systemd
import Testing

@testable import Server

/// The notices for the service manager, for every order of events.
@Suite struct ReadinessTests {
  private enum Event: CaseIterable {
    case begin
    case beginReload
    case endReload
    case stop
  }

  @Test("READY is sent when all serve and no reload is pending, and nothing once stopping")
  func everyOrder() {
    var stories: [[Event]] = [[]]
    for _ in 0..<7 {
      stories += stories.flatMap { story in Event.allCases.map { story + [$0] } }
      stories = stories.filter(Self.isPossible)
    }
    #expect(stories.count > 1000)
    for story in Set(stories) { Self.check(story) }
  }

  /// Whether start and stop happen at most once, and no reload ends before it has begun.
  private static func isPossible(_ story: [Event]) -> Bool {
    var reloads = 0
    for event in story {
      if event == .beginReload { reloads += 1 }
      if event == .endReload { reloads -= 1 }
      if reloads < 0 { return false }
    }
    return story.count { $0 == .begin } <= 1 && story.count { $0 == .stop } <= 1
  }

  private static func check(_ story: [Event]) {
    var readiness = Readiness()
    var (reloads, isServing, isStopping) = (0, false, false)
    for event in story {
      let notice: ServiceManager.Notice?
      switch event {
      case .begin:
        notice = readiness.begin()
        isServing = true
      case .beginReload:
        notice = readiness.beginReload()
        reloads += 1
      case .endReload:
        notice = readiness.endReload()
        reloads -= 1
      case .stop:
        readiness.stop()
        notice = nil
        isStopping = true
      }
      let expected: ServiceManager.Notice? =
        !isServing || isStopping || event == .stop
        ? nil : event == .beginReload ? .reloading : reloads == 0 ? .ready : nil
      #expect(notice == expected, "\(story)")
    }
  }
}
