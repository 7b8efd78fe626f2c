#pragma once
#include <string>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// The innermost module's dotted path of torch.export's "nn_module_stack" metadata
/// ("key,path,type;key,path,type;…"); empty for the policy itself.
std::string modulePath(const std::string& moduleStack);

/// The name a layer goes by: where the node takes a parameter, the path of the module that owns it
/// ("head.out_proj" of "head.out_proj.weight"); else node.module.
std::string layerName(const PolicyGraph& graph, const Node& node);

}  // namespace sqil
