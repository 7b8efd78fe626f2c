#pragma once

namespace sqil {

/// Adds all formats of plugins/ to core's registries. Call once at start, before threads; calling
/// it again changes nothing.
void registerPlugins();

}  // namespace sqil
