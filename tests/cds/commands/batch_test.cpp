// The commands `ucum` and `lab-text`: batches line by line, and the caret below a mistake.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cds/commands/commands.hpp"

namespace mainstay::cds {
namespace {

struct outcome {
  int exit = 0;
  std::string text;  ///< what was said on standard error, then what on standard output
};

outcome run(std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "mainstay");
  std::vector<char*> pointers;
  for (auto& a : arguments) pointers.push_back(a.data());
  const auto file = std::filesystem::path(testing::TempDir()) / ("batch_" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary) << input;
  EXPECT_NE(std::freopen(file.c_str(), "r", stdin), nullptr);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  outcome result;
  result.exit = commands::run(static_cast<int>(pointers.size()), pointers.data());
  std::fflush(stdout);
  result.text = testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
  std::filesystem::remove(file);
  return result;
}

struct line_row { const char *in, *out; };
const line_row ucum_lines[] = {
    {R"({"id":"a","op":"check","unit":"mg/dL"})", R"({"id":"a","valid":true})"},
    {R"({"id":2,"op":"check","unit":"mg/"})", R"({"id":2,"valid":false})"},
    {R"({"id":3,"op":"check"})", R"({"id":3,"valid":false})"},
    {R"({"id":"c","op":"convert","value":"6.30","from":"mm","to":"m"})", R"({"id":"c","value":"0.00630","unit":"m"})"},
    {R"({"id":"c","op":"convert","value":"1","from":"iU","to":"m"})", R"({"id":"c","error":{"code":"unknown_symbol","message":"`iU` is no unit of UCUM; `[iU]` is"}})"},
    {R"({"id":"c","op":"convert","value":"1","from":"mg","to":"mmol"})", R"({"id":"c","error":{"code":"incommensurable","message":"the units do not measure the same"}})"},
    {R"({"id":"c","op":"convert","value":"1,5","from":"m","to":"m"})", R"({"id":"c","error":{"code":"invalid_value","message":"the value is no decimal number, or has too many digits"}})"},
    {R"({"id":"c","op":"convert","value":"2.0","from":"W/Cel","to":"W/Cel"})", R"({"id":"c","value":"2.0","unit":"W/Cel"})"},
    {R"({"id":"m","op":"multiply","value":"1.5","unit":"g","by":"2","by_unit":"m"})", R"({"id":"m","value":"3.0","unit":"m.g"})"},
    {R"({"id":"d","op":"divide","value":"1","unit":"g","by":"0","by_unit":"m"})", R"({"id":"d","error":{"code":"zero_divisor","message":"the divisor is zero"}})"},
    {R"({"id":null,"op":"add"})", R"({"id":null,"error":{"code":"unknown_op","message":"`op` is none of `check`, `convert`, `multiply`, `divide`"}})"},
    {R"({"op":"check","unit":"1"})", R"({"id":null,"valid":true})"},
};
const line_row text_lines[] = {
    {R"({"id":1,"text":"< 0.01 %"})", R"({"id":1,"kind":"range","low":null,"high":"0.01","low_open":false,"high_open":true,"unit":"%","sensitivity":null})"},
    {R"({"id":2,"text":"neg, sens. 10^-4"})", R"({"id":2,"kind":"not detected","low":null,"high":null,"low_open":false,"high_open":false,"unit":null,"sensitivity":"0.0001"})"},
    {R"({"id":3,"text":"1:10 000"})", R"({"id":3,"kind":"value","low":"0.0001","high":"0.0001","low_open":false,"high_open":false,"unit":"1","sensitivity":null})"},
    {R"({"id":4,"text":"perhaps"})", R"({"id":4,"kind":"unreadable","low":null,"high":null,"low_open":false,"high_open":false,"unit":null,"sensitivity":null})"},
    {R"({"id":5})", R"({"id":5,"kind":"unreadable","low":null,"high":null,"low_open":false,"high_open":false,"unit":null,"sensitivity":null})"},
};

template <std::size_t N>
void check_batch(const std::vector<std::string>& command, const line_row (&rows)[N]) {
  std::string in, out;
  for (const auto& row : rows) {
    in += std::string(row.in) + "\n";
    out += std::string(row.out) + "\n";
  }
  const auto seen = run(command, in);
  EXPECT_EQ(seen.text, out);
  EXPECT_EQ(seen.exit, 0);
}

TEST(batch, answers_units_line_by_line) { check_batch({"ucum", "--batch"}, ucum_lines); }
TEST(batch, answers_texts_line_by_line) { check_batch({"lab-text", "--batch"}, text_lines); }

TEST(batch, goes_on_after_a_line_that_is_no_json) {
  const auto seen = run({"ucum", "--batch"}, "{nonsense\n\n[1]\n" + std::string((1 << 20) + 1, 'x') + "\n{\"id\":9,\"op\":\"check\",\"unit\":\"m\"}");
  const std::string error = R"({"id":null,"error":{"code":"invalid_json","message":"the line is no JSON object"}})";
  EXPECT_EQ(seen.text, error + "\n" + error + "\n" + R"({"id":null,"error":{"code":"invalid_json","message":"the line is too long"}})" + "\n" + R"({"id":9,"valid":true})" + "\n");
  EXPECT_EQ(seen.exit, 1);
}

struct command_row { std::vector<std::string> arguments; const char* text; int exit; };
const command_row questions[] = {
    {{"ucum", "check", "mg/12h"}, "mainstay: between two units stands `.` or `/`\n  mg/12h\n       ^\n", 1},
    {{"ucum", "check", "mg/iU"}, "mainstay: `iU` is no unit of UCUM; `[iU]` is\n  mg/iU\n     ^~\n", 1},
    {{"ucum", "check", "mg/(kg"}, "mainstay: a parenthesis is not closed\n  mg/(kg\n        ^\n", 1},
    {{"ucum", "check", "Pa"}, "`Pa` is a unit: (pascal)\n1 of it is 1000 g.m-1.s-2\n", 0},
    {{"ucum", "check", "m/Cel"}, "`m/Cel` is a unit: (meter) / (degree Celsius)\nnot converted: a unit on a scale of its own cannot be multiplied or divided\n", 0},
    {{"ucum", "convert", "6.3", "mm", "m"}, "0.0063 m\n", 0},
    {{"ucum", "convert", "--", "-40", "Cel", "[degF]"}, "-40 [degF]\n", 0},
    {{"ucum", "convert", "1", "mg", "mL"}, "mainstay: the units do not measure the same\n", 1},
    {{"ucum", "divide", "1", "g", "2", "m"}, "0.5 g.m-1\n", 0},
    {{"ucum", "multiply", "1.5", "g", "2", "m"}, "3.0 m.g\n", 0},
    {{"ucum"}, "mainstay: `ucum` needs `check`, `convert`, `multiply`, `divide` or `--batch`; see `ucum --help`\n", 2},
    {{"lab-text", "150 K/uL", "--lab-spellings"}, "{\"kind\":\"value\",\"low\":\"150\",\"high\":\"150\",\"low_open\":false,\"high_open\":false,\"unit\":\"10*3/uL\",\"sensitivity\":null,\"spelling\":\"K/uL\"}\n", 0},
};

TEST(batch, single_questions_are_answered_in_words) {
  for (const auto& row : questions) {
    const auto seen = run(row.arguments);
    EXPECT_EQ(seen.text, row.text) << row.text;
    EXPECT_EQ(seen.exit, row.exit) << row.text;
  }
}

}  // namespace
}  // namespace mainstay::cds
