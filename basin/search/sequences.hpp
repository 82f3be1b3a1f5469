// Sequences that fill the unit cube more evenly than random numbers do.
#pragma once
#include <cstdint>
#include <vector>

namespace basin::search {

// Returns point number `index` of the Sobol sequence; number 0 is the origin.
//
// Paper     Joe & Kuo, Constructing Sobol sequences with better two-dimensional projections, 2008
//           (new-joe-kuo-6); Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, 1995
// Value     in [0, 1), multiples of 2^-32
// Requires  dimensions <= 3667, index < 2^32
// Throws    InputError for more dimensions
// Cost      2 us and 0.1 us per dimension; scrambled 0.4 us per dimension
std::vector<double> sobol(std::uint64_t index, std::size_t dimensions);
// The same, scrambled: the bit after every prefix is flipped or not, as Philox says for (key, dimension,
// prefix). Every point is then uniform, and 2^k of them in a row remain as even as before.
std::vector<double> scrambled_sobol(std::uint64_t index, std::size_t dimensions, std::uint64_t key);
// The first `count` points, one after the other, with the same random bits flipped in all of them.
// Cost      0.05 us per dimension of each
std::vector<std::vector<double>> shifted_sobol(std::size_t count, std::size_t dimensions, std::uint64_t key);

// Returns point number `index` of the Halton sequence over the first primes; number 0 is the origin.
//
// Paper     Halton, On the efficiency of certain quasi-random sequences of points, 1960
std::vector<double> halton(std::uint64_t index, std::size_t dimensions);
// The same, scrambled: digit d at place k becomes (a d + c) modulo the prime, with a and c drawn by Philox
// for (key, prime, k). Without that, the dimensions of large primes run in parallel for hundreds of points.
//
// Paper     Matousek, On the L2-discrepancy for anchored boxes, 1998
std::vector<double> scrambled_halton(std::uint64_t index, std::size_t dimensions, std::uint64_t key);

}  // namespace basin::search
