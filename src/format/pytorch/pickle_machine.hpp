// Runs a pickle of protocol 2 to 5 without running anything: names are looked up in the allow list
// (pickle_globals.hpp), calls are understood (torch_objects.hpp), never made.
// https://github.com/python/cpython/blob/main/Lib/pickletools.py
#pragma once

#include "format/pytorch/pickle_cursor.hpp"
#include "format/pytorch/pickle_values.hpp"
#include "provenancekit/result.hpp"

namespace prov::format {

/// Reads from the cursor to the opcode that ends the pickle and returns what is built. Errors are
/// at the byte of the opcode: unsafe_code for a name that is not allowed (field "module.name"),
/// unsupported for opcodes that PyTorch's files do not need, malformed for what no pickler writes
/// (a stack that is too short, a value of the wrong kind, a memo that is not there), too_large
/// beyond 10 million opcodes, and those of torch_objects.hpp. Memory: at most some 90 bytes for
/// three bytes of pickle that exist. No recursion.
Result<PickleId> run_pickle(PickleCursor& cursor, PickleValues& values);

}  // namespace prov::format
