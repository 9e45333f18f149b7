// glibc's statistics of malloc, which Swift's module of glibc lacks.
#pragma once

#include <malloc.h>
