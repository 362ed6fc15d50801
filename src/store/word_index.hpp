#pragma once

#include "store/store.hpp"

namespace prov::store {

/// Makes the index of words anew from the words of all records, in the order of the index, so that
/// each page is written once. All or nothing. Reads the words several times, so that 256 MiB of
/// memory suffice for any number of them. Errors: malformed, naming the record whose words are
/// damaged; io.
Result<void> rebuild_word_index(const Store& store);

}  // namespace prov::store
