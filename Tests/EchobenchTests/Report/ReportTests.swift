import Requestor
import TLS
import Testing
import UpperLayer

@testable import echobench

/// The printed output, to the character.
@Suite struct ReportTests {
  private static func report(
    _ change: (inout Options, inout Tally) -> Void = { _, _ in }
  ) -> Report {
    var options = Options()
    var tally = Tally()
    change(&options, &tally)
    return Report(options: options, tally: tally, seconds: 2.00004, processorSeconds: 1.23456)
  }

  private static func busy(_ options: inout Options, _ tally: inout Tally) {
    options.mode = .echo
    options.clients = 64
    options.depth = 16
    for time in 1...1000 as ClosedRange<UInt64> { tally.latencies.record(time * 100_000) }
    tally.operations = 1000
    tally.operationsInAll = 1200
    tally.associationsInAll = 64
    tally.echoesInAll = 1201
    for _ in 0..<3 { tally.count(.wrong(.status(0x0110))) }
    tally.count(.wrong(.dataSet))
    tally.count(.system(111))
    tally.count(.timeout)
    tally.count(.rejected(AssociateReject(result: 2, source: 3, reason: 2)))
    tally.count(.system(99))
    tally.count(.system(71))
  }

  @Test func json() {
    #expect(
      Self.report(Self.busy).json == """
        {"mode":"echo","clients":64,"depth":16,"rate":null,"host":"127.0.0.1","port":11112,\
        "tls":false,"seconds":2.0000,"operations":1000,"operations_per_second":500.0,\
        "operations_in_all":1200,"associations_in_all":64,"echoes_in_all":1201,\
        "errors":{"refused":1,"timeout":1,"rejected":1,"wrong-answer":4,\
        "address-not-available":1,"system":1},"error_total":9,\
        "latency_us":{"min":100.0,"mean":50050.0,"p50":49938.4,"p90":89915.4,"p99":98828.3,\
        "p99.9":99876.9,"max":100000.0},"cpu_seconds":1.235}

        """)
  }

  @Test func jsonOfNothing() {
    #expect(
      Self.report { options, _ in
        options.host = "a\"\\\u{1}é"
        options.rate = 200
        options.tls = ContextFiles()
      }.json == """
        {"mode":"associate","clients":8,"depth":1,"rate":200,"host":"a\\"\\\\\\u0001é","port":11112,\
        "tls":true,"seconds":2.0000,"operations":0,"operations_per_second":0.0,"operations_in_all":0,\
        "associations_in_all":0,"echoes_in_all":0,"errors":{},"error_total":0,\
        "latency_us":{"min":0.0,"mean":0.0,"p50":0.0,"p90":0.0,"p99":0.0,"p99.9":0.0,"max":0.0},\
        "cpu_seconds":1.235}

        """)
  }

  @Test func tableOfARate() {
    let table = Self.report { options, _ in options.rate = 200 }.table
    #expect(
      table.hasPrefix("associate, 8 clients, 200 operations a second, 127.0.0.1 port 11112\n"))
  }

  @Test func tableOfTLS() {
    let table = Self.report { options, _ in options.tls = ContextFiles() }.table
    #expect(table.hasPrefix("associate, 8 clients, TLS, 127.0.0.1 port 11112\n"))
  }

  @Test func table() {
    #expect(
      Self.report(Self.busy).table == """
        echo, 64 clients, 16 requests outstanding on each, 127.0.0.1 port 11112
          measured          2.000 s
          operations        1000
            per second      500.0
          total             64 associations, 1201 echoes
          latency min       100.0 µs
            mean            50050.0 µs
            p50             49938.4 µs
            p90             89915.4 µs
            p99             98828.3 µs
            p99.9           99876.9 µs
            max             100000.0 µs
          errors            9
            refused         1
            timeout         1
            rejected        1
            wrong-answer    4
            address-not-available 1
            system          1
          processor time    1.23 s (echobench's own)

        """)
  }

  @Test func remarks() {
    #expect(
      Self.report(Self.busy).remarks == """
        echobench: wrong-answer: status 0110H
        echobench: rejected: result 2, source 3, reason 2 (PS3.8 Table 9-21)
        echobench: address-not-available: no local port is left; use --sources to spread the \
        connections over more addresses
        echobench: system: connection: Protocol error

        """)
    #expect(Self.report().remarks.isEmpty)
  }

  @Test func open() {
    #expect(
      Report.openLine(15000, 1.25, isJSON: true)
        == "{\"event\":\"open\",\"open\":15000,\"seconds\":1.2500}\n")
    #expect(Report.openLine(1, 0.5, isJSON: false) == "1 association open after 0.500 s\n")
    #expect(Report.openLine(2, 0.5, isJSON: false) == "2 associations open after 0.500 s\n")
  }

  @Test func decimals() {
    #expect(Format.decimal(0, 0) == "0")
    #expect(Format.decimal(0.05, 1) == "0.1")
    #expect(Format.decimal(1.005, 4) == "1.0050")
    #expect(Format.decimal(12.0009, 3) == "12.001")
    #expect(Format.decimal(2_150_562.44, 1) == "2150562.4")
  }
}
