/// The result of a run, as a line of JSON or as a table.
struct Report {
  /// The options of the run.
  let options: Options
  /// The counts of the run.
  let tally: Tally
  /// The measured time, in seconds.
  let seconds: Double
  /// The processor time that this program has used, in seconds.
  let processorSeconds: Double

  /// The percentiles reported.
  static let percentiles: [(name: String, perMille: UInt64)] = [
    ("p50", 500), ("p90", 900), ("p99", 990), ("p99.9", 999),
  ]

  private var rate: Double { seconds > 0 ? Double(tally.operations) / seconds : 0 }

  /// The latencies with their names, in microseconds.
  private var latencies: [(name: String, text: String)] {
    let histogram = tally.latencies
    let values =
      [("min", Double(histogram.minimum)), ("mean", histogram.mean)]
      + Self.percentiles.map { ($0.name, Double(histogram.percentile(perMille: $0.perMille))) }
      + [("max", Double(histogram.maximum))]
    return values.map { ($0, Format.decimal($1 / 1000, 1)) }
  }

  /// The result as one JSON object on one line.
  var json: String {
    let errors = tally.errorCounts.map { "\"\($0.kind.rawValue)\":\($0.count)" }
    let latency = latencies.map { "\"\($0.name)\":\($0.text)" }
    return """
      {"mode":"\(options.mode.rawValue)","clients":\(options.clients),"depth":\(options.depth),\
      "rate":\(options.rate.map(String.init) ?? "null"),\
      "host":\(Format.json(options.host)),"port":\(options.port),"tls":\(options.tls != nil),\
      "seconds":\(Format.decimal(seconds, 4)),"operations":\(tally.operations),\
      "operations_per_second":\(Format.decimal(rate, 1)),\
      "operations_in_all":\(tally.operationsInAll),\
      "associations_in_all":\(tally.associationsInAll),"echoes_in_all":\(tally.echoesInAll),\
      "errors":{\(errors.joined(separator: ","))},"error_total":\(tally.errorTotal),\
      "latency_us":{\(latency.joined(separator: ","))},\
      "cpu_seconds":\(Format.decimal(processorSeconds, 3))}

      """
  }

  /// The result as a table for people.
  var table: String {
    let depth = options.depth == 1 ? "" : ", \(options.depth) requests outstanding on each"
    let clients = options.clients == 1 ? "1 client" : "\(options.clients) clients"
    let tls = options.tls == nil ? "" : ", TLS"
    let pace = options.rate.map { ", \($0) operations a second" } ?? ""
    var text = """
      \(options.mode.rawValue), \(clients)\(depth)\(pace)\(tls), \(options.host) port \(options.port)
      \(row("measured", "\(Format.decimal(seconds, 3)) s"))\
      \(row("operations", "\(tally.operations)"))\
      \(row("  per second", Format.decimal(rate, 1)))\
      \(row("total", "\(tally.associationsInAll) associations, \(tally.echoesInAll) echoes"))
      """
    for latency in latencies {
      text += row(latency.name == "min" ? "latency min" : "  \(latency.name)", "\(latency.text) µs")
    }
    text += row("errors", "\(tally.errorTotal)")
    for (kind, count) in tally.errorCounts { text += row("  \(kind.rawValue)", "\(count)") }
    return text
      + row("processor time", "\(Format.decimal(processorSeconds, 2)) s (echobench's own)")
  }

  /// The remarks for standard error: the first failure of each kind, if there is more to say about it.
  var remarks: String {
    tally.firstFailures.compactMap { failure in
      failure.remark.map { "echobench: \(failure.kind.rawValue): \($0)\n" }
    }.joined()
  }

  /// Returns the line to print as soon as the associations of `idle` are open.
  static func openLine(_ count: Int, _ seconds: Double, isJSON: Bool) -> String {
    isJSON
      ? "{\"event\":\"open\",\"open\":\(count),\"seconds\":\(Format.decimal(seconds, 4))}\n"
      : "\(count) \(count == 1 ? "association" : "associations") open after"
        + " \(Format.decimal(seconds, 3)) s\n"
  }

  private func row(_ name: String, _ value: String) -> String {
    "  \(name)\(String(repeating: " ", count: max(1, 18 - name.utf8.count)))\(value)\n"
  }
}
