import Glibc

extension WallTime {
  /// How far local time is ahead of UTC at this time, in seconds (localtime_r(3)): TZ or /etc/localtime says where this
  /// host is.
  public var localOffset: Int64 {
    var seconds = time_t(seconds)
    var local = unsafe tm()
    // Safe because both pointers are valid during the call, which returns one of them or `nil` and keeps none.
    let isKnown = unsafe localtime_r(&seconds, &local) != nil
    return isKnown ? Int64(unsafe local.tm_gmtoff) : 0
  }
}
