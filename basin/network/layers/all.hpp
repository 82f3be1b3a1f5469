// The list of layers. One line here yields the word in the language, the shapes, the parameters with their
// roles, the row in `basin list layers` and the tests; a line in nn/layers/all.hpp, how libtorch computes it.
#pragma once
#include <variant>

#include "basin/core/list.hpp"
#include "basin/network/layers/attention.hpp"
#include "basin/network/layers/avg_pool.hpp"
#include "basin/network/layers/batch_norm.hpp"
#include "basin/network/layers/conv.hpp"
#include "basin/network/layers/conv_transpose.hpp"
#include "basin/network/layers/dropout.hpp"
#include "basin/network/layers/elu.hpp"
#include "basin/network/layers/embed_columns.hpp"
#include "basin/network/layers/embedding.hpp"
#include "basin/network/layers/flatten.hpp"
#include "basin/network/layers/gelu.hpp"
#include "basin/network/layers/global_avg_pool.hpp"
#include "basin/network/layers/group_norm.hpp"
#include "basin/network/layers/gru.hpp"
#include "basin/network/layers/last.hpp"
#include "basin/network/layers/layer_norm.hpp"
#include "basin/network/layers/leaky_relu.hpp"
#include "basin/network/layers/linear.hpp"
#include "basin/network/layers/lstm.hpp"
#include "basin/network/layers/max_pool.hpp"
#include "basin/network/layers/mean.hpp"
#include "basin/network/layers/positions.hpp"
#include "basin/network/layers/relu.hpp"
#include "basin/network/layers/reshape.hpp"
#include "basin/network/layers/residual.hpp"
#include "basin/network/layers/rnn.hpp"
#include "basin/network/layers/rows.hpp"
#include "basin/network/layers/sigmoid.hpp"
#include "basin/network/layers/silu.hpp"
#include "basin/network/layers/softplus.hpp"
#include "basin/network/layers/sparse_linear.hpp"
#include "basin/network/layers/tanh.hpp"
#include "basin/network/layers/transformer.hpp"
#include "basin/network/layers/upsample.hpp"

namespace basin::nn::layers {

using All = List<Linear, SparseLinear, Conv, ConvTranspose, MaxPool, AvgPool, GlobalAvgPool, Upsample,
                 Flatten, Reshape, Embedding, EmbedColumns, Positions, Rows, Rnn, Lstm, Gru, Attention,
                 Transformer, Last, Mean, BatchNorm, LayerNorm, GroupNorm, Dropout, Relu, LeakyRelu, Elu,
                 Gelu, Silu, Softplus, Tanh, Sigmoid, Residual>;

template <class... L>
std::variant<L...> any_of(List<L...>);
using Any = decltype(any_of(All{}));

}  // namespace basin::nn::layers
