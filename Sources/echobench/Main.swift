import CLinux
import Glibc
import Linux
import Settings

/// The program: read the command line, put the load on, report.
@main
enum Main {
  static func main() {
    let options = OptionReader.read()
    let peer = address(of: options)
    do throws(SystemError) {
      let limit = try check("setrlimit", cl_raise_descriptor_limit())
      guard limit >= Int64(options.clients) + 16 else {
        Exit.system(
          "--clients: \(options.clients) need more open files than the limit of \(limit);"
            + " raise it with ulimit -n")
      }
      var generator = try Generator(options, on: peer)
      try generator.run()
      let report = generator.report
      Output.print(options.isJSON ? report.json : report.table)
      Output.write(report.remarks, to: 2)
      exit(report.tally.errorTotal == 0 ? 0 : 1)
    } catch {
      Exit.system(error.text)
    }
  }

  /// The address to connect to.
  private static func address(of options: Options) -> cl_address {
    let resolution = cl_resolve(Array(options.host.utf8).span)
    guard resolution.result == 0 else {
      Exit.unknownHost("the host \(Quotation.of(options.host)) is not known")
    }
    var address = resolution.address
    if options.sources > 0, resolution.is_ipv4 == 0 {
      Exit.usage("--sources: the addresses are IPv4's, \(Quotation.of(options.host)) is not")
    }
    address.port = options.port
    return address
  }
}
