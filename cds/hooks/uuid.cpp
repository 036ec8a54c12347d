#include <algorithm>
#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "cds/hooks/hooks.hpp"

namespace mainstay::cds::hooks {

std::string uuid_v5(std::string_view name) {
  // a8b875fe-45e1-4617-92a3-182044e93685: ours, drawn once; a change of it would change every card's uuid.
  static constexpr std::array<unsigned char, 16> name_space{0xa8, 0xb8, 0x75, 0xfe, 0x45, 0xe1, 0x46, 0x17,
                                                            0x92, 0xa3, 0x18, 0x20, 0x44, 0xe9, 0x36, 0x85};
  return uuid_v5(name_space, name);
}

std::string uuid_v5(std::span<const unsigned char, 16> name_space, std::string_view name) {
  boost::uuids::uuid space;
  std::copy(name_space.begin(), name_space.end(), space.begin());
  return boost::uuids::to_string(boost::uuids::name_generator_sha1(space)(name.data(), name.size()));
}

}  // namespace mainstay::cds::hooks
