#include "report/lineage_words.hpp"

namespace prov::report {

ClassWords class_words(LineageClass value) {
  switch (value) {
    case LineageClass::identical:
      return {"identical weights", Tone::related};
    case LineageClass::derived:
      return {"derived", Tone::related};
    case LineageClass::same_lineage:
      return {"same lineage", Tone::related};
    case LineageClass::shared_initialisation:
      return {"shared initialisation or early branch", Tone::caution};
    case LineageClass::independent:
      return {"independent", Tone::unrelated};
    case LineageClass::inconclusive:
      return {"inconclusive", Tone::caution};
  }
  return {"inconclusive", Tone::caution};
}

}  // namespace prov::report
