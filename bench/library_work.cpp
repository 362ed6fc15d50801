// Times one piece of numerical work on data from a file, for library_ratios.py, which times the
// same work done by numpy and scipy.
//
// usage: library_work assignment|product|agreement FILE ROWS COLUMNS RUNS
//
// FILE holds f32: one ROWS x COLUMNS matrix of scores, or two matrices one after the other. Prints
// the least seconds of a run and a number made from the result, by which the two are compared.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

#include "forensics/gram_agreement.hpp"
#include "numeric/assignment.hpp"
#include "numeric/gemm.hpp"

namespace {

using Values = std::vector<float>;

std::vector<float> read(std::ifstream& file, std::size_t count) {
  Values values(count);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(count * sizeof(float)));
  return values;
}

double assigned_score(const Values& scores, std::size_t rows, std::size_t columns) {
  const auto assignment = prov::numeric::best_assignment(scores, rows, columns);
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i)
    sum += static_cast<double>(scores[i * columns + assignment[i]]);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 4;
  const std::string_view work = argv[1];
  const std::size_t rows = std::strtoul(argv[3], nullptr, 10);
  const std::size_t columns = std::strtoul(argv[4], nullptr, 10);
  const long runs = std::strtol(argv[5], nullptr, 10);
  std::ifstream file(argv[2], std::ios::binary);
  const Values a = read(file, rows * columns);
  const Values b = work == "assignment" ? Values() : read(file, rows * columns);
  if (!file) return 1;

  Values out(work == "product" ? rows * rows : 0);
  prov::numeric::Matrix left(rows, columns), right(rows, columns);
  left.values = a;
  right.values = b;
  const std::function<double()> run = [&]() -> double {
    if (work == "assignment") return assigned_score(a, rows, columns);
    if (work == "agreement") return prov::forensics::gram_agreement(left, right)->cka;
    prov::numeric::multiply_by_transpose(a, rows, b, rows, columns, out);
    return static_cast<double>(out[rows - 1]);
  };
  double least = std::numeric_limits<double>::infinity(), result = 0;
  for (long i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    result = run();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    least = std::min(least, seconds.count());
  }
  std::printf("%.9g %.9g\n", least, result);
  return 0;
}
