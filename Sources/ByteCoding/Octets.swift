/// What can be loaded from any bytes and stored as bytes: each of its bit patterns is a value of its
/// own, and none of its bits is padding.
public protocol Octets: BitwiseCopyable {}

extension UInt8: Octets {}
extension UInt16: Octets {}
extension UInt32: Octets {}
extension UInt64: Octets {}
extension UInt128: Octets {}
extension InlineArray: Octets where Element == UInt8 {}
