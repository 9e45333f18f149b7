import Testing

@testable import Server

/// The peers that lag behind with reading: their number, and which one is closed when there is one too many.
@Suite struct StalledReceiversTests {
  private static func surplus(of worker: WorkerLink) -> [UInt64] {
    var tokens: [UInt64] = []
    while let (token, _) = worker.takeSurplus() { tokens.append(token) }
    return tokens
  }

  @Test("If there are too many in all, the one lagging longest goes, whichever worker has it")
  func all() throws {
    let receivers = StalledReceivers()
    let workers = [try WorkerLink(), try WorkerLink()]
    for number in 0..<70 {
      receivers.add(
        StalledReceivers.Receiver(
          token: UInt64(number), ticket: UInt32(number), worker: workers[number % 2]))
    }
    #expect(receivers.count == StalledReceivers.most)
    #expect(Self.surplus(of: workers[0]).sorted() == [0, 2, 4])
    #expect(Self.surplus(of: workers[1]).sorted() == [1, 3, 5])
  }

  @Test("If one network has too many, one of its own goes, and those of others stay")
  func ofNetwork() throws {
    let receivers = StalledReceivers()
    let worker = try WorkerLink()
    receivers.add(StalledReceivers.Receiver(token: 100, ticket: 1, worker: worker))
    for token: UInt64 in 0..<10 {
      receivers.add(StalledReceivers.Receiver(token: token, ticket: 2, worker: worker))
    }
    #expect(receivers.count == 1 + StalledReceivers.mostOfNetwork)
    #expect(Self.surplus(of: worker).sorted() == [0, 1])
  }

  @Test("A receiver that catches up makes room; a token is valid only for its own worker")
  func removes() throws {
    let receivers = StalledReceivers()
    let workers = [try WorkerLink(), try WorkerLink()]
    for worker in workers {
      receivers.add(StalledReceivers.Receiver(token: 7, ticket: 1, worker: worker))
    }
    receivers.remove(7, of: workers[0])
    receivers.remove(7, of: workers[0])
    receivers.remove(8, of: workers[1])
    #expect(receivers.count == 1)
    receivers.remove(7, of: workers[1])
    #expect(receivers.count == 0)
  }
}
