#include "core/torch_headers.h"
