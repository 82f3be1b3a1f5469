#include "basin/recipe/input_shape.hpp"

#include "basin/core/error.hpp"
#include "basin/data/image_set.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/kinds/table_set.hpp"
#include "basin/network/networks.hpp"

namespace basin {

nn::Shape input_shape(const data::SharedSet& set, const data::Source& source) {
  const std::string kind = data::kind_of(set);
  if (kind == "images") {
    const data::ImageSet images = data::images_of(set);
    return {images.height, images.width, images.channels};
  }
  if (kind == "table") return nn::Shape::table(data::encoded_categories(set, source.categories == "one-hot"));
  if (kind == "sparse") return nn::Shape::sparse(data::number_attribute(set, "width"));
  if (kind == "text") return nn::Shape::tokens(source.window, data::classes_of(set));
  if (kind == "series") return nn::Shape::sequence(source.window, set.at("train.series").shape[1]);
  if (kind == "sequences") {
    const data::Column& sequences = set.at("train.sequences");
    return nn::Shape::sequence(sequences.shape[1], sequences.shape[2]);
  }
  throw InputError("a network cannot take data of the kind " + kind);
}

namespace {

// A text asks for its outputs at each step; other data for one list of them. One output tells two classes
// apart.
void check_outputs(const std::vector<nn::Layer>& layers, const nn::Shape& in, std::int64_t outputs) {
  const nn::Shape out = layers.empty() ? in : layers.back().out;
  const bool steps = in.form == nn::Shape::Form::tokens;
  const bool many_enough = out.channels == outputs || (outputs == 2 && out.channels == 1 && !steps);
  if (many_enough &&
      (steps ? out.form == nn::Shape::Form::sequence && out.height == in.height : out.is_features()))
    return;
  throw InputError("the network gives " + nn::text_of(out) + ", but the data ask for " +
                   std::to_string(outputs) + (outputs == 1 ? " number" : " numbers") +
                   (steps ? " at each step" : "") + "; end it with \"linear outputs\"");
}

}  // namespace

std::vector<nn::Layer> layers_of(const Problem& problem, const nn::Shape& in, std::int64_t outputs) {
  if (problem.predicts == "inputs") outputs = in.size();
  std::vector<nn::Layer> out = nn::parse_layers(nn::expand_network(problem.layers, in, outputs), in, outputs);
  check_outputs(out, in, outputs);
  return out;
}

}  // namespace basin
