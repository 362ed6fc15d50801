// Times the exact scan over binary codes on data from a file, for code_scan.py, which times FAISS
// on the same data.
//
// usage: code_scan FILE BYTES CODES QUERIES NEAREST RUNS
//
// FILE holds the codes, then the queries, BYTES each (a multiple of 8). One thread. Prints
// the seconds of each query, the least of RUNS, then the sum of the distances of all matches.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "search/nearest_codes.hpp"

int main(int argc, char** argv) {
  if (argc != 7) return 4;
  const auto number = [&](int i) { return std::strtoul(argv[i], nullptr, 10); };
  const std::size_t words = number(2) / 8, count = number(3), queries = number(4);
  std::vector<std::uint64_t> data((count + queries) * words);
  std::ifstream file(argv[1], std::ios::binary);
  file.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size() * 8));
  if (!file) return 2;
  std::vector<std::uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), 0);

  std::uint64_t sum = 0;
  for (std::size_t q = 0; q < queries; ++q) {
    const auto query = std::span(data).subspan((count + q) * words, words);
    std::vector<prov::search::CodeMatch> matches;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t run = 0; run < number(6); ++run) {
      const auto begin = std::chrono::steady_clock::now();
      prov::search::NearestCodes nearest(query, number(5));
      nearest.offer(ids, std::span(data).first(count * words));
      matches = nearest.matches();
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      least = std::min(least, taken.count());
    }
    std::printf("%.9f ", least);
    for (const prov::search::CodeMatch& match : matches) sum += match.distance;
  }
  std::printf("%llu\n", static_cast<unsigned long long>(sum));
}
