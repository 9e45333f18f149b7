/// How long operations took: counts in log-linear buckets, like those of HdrHistogram. Its memory is fixed,
/// and its figures are off by less than 0.4 %.
struct Histogram {
  /// Each power of two is divided into 2 to the power of `precision` buckets.
  private static let precision = 7
  /// The longest time that has a bucket of its own, in nanoseconds: 100 seconds.
  static let longest: UInt64 = 100_000_000_000
  private static let bucketCount = bucket(of: longest) + 1

  private var counts = [UInt64](repeating: 0, count: bucketCount)
  /// The number of times counted.
  private(set) var count: UInt64 = 0
  private var sum: UInt64 = 0
  private var least = UInt64.max
  /// The longest time, in nanoseconds; 0 if there is none.
  private(set) var maximum: UInt64 = 0

  /// Counts a time in nanoseconds.
  mutating func record(_ time: UInt64) {
    counts[Self.bucket(of: min(time, Self.longest))] &+= 1
    count &+= 1
    sum &+= time
    least = min(least, time)
    maximum = max(maximum, time)
  }

  /// The shortest time, in nanoseconds; 0 if there is none.
  var minimum: UInt64 { count == 0 ? 0 : least }

  /// The mean time, in nanoseconds; 0 if there is none.
  var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// Returns the time that `perMille` of a thousand times do not exceed, in nanoseconds; 0
  /// if there is none.
  func percentile(perMille: UInt64) -> UInt64 {
    let rank = max(1, (count * perMille + 999) / 1000)
    var passed: UInt64 = 0
    for index in counts.indices {
      passed += counts[index]
      if passed >= rank { return min(max(Self.middle(of: index), least), maximum) }
    }
    return maximum
  }

  /// Returns the bucket of a time: the times below 256 have one each, then each power of two has 128.
  private static func bucket(of time: UInt64) -> Int {
    let bits = UInt64.bitWidth - time.leadingZeroBitCount
    let shift = max(0, bits - precision - 1)
    return shift << precision + Int(time >> UInt64(shift))
  }

  private static func middle(of bucket: Int) -> UInt64 {
    let shift = max(0, bucket >> precision - 1)
    return UInt64(bucket - shift << precision) << UInt64(shift) + (1 << UInt64(shift)) >> 1
  }
}
