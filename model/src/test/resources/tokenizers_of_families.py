"""make FOLDER LINES: small tokenizers built as those of the families are, saved by transformers under FOLDER/NAME, and the ids of every line of the file
LINES with the special tokens that transformers adds, as FOLDER/NAME/ids.txt."""
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, GemmaTokenizerFast, GPT2TokenizerFast, LlamaTokenizerFast, PreTrainedTokenizerFast

FOLDER = Path(sys.argv[2])
LINES = Path(sys.argv[3]).read_text(encoding="utf-8").split("\n")
SIZE = 700
GPT4 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def special(*names):
    return [AddedToken(n, special=True, normalized=False) for n in names]


def byte_level(pre, normalizer=None, ignore_merges=False, specials=("<|endoftext|>",)):
    t = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        t.normalizer = normalizer
    t.pre_tokenizer = pre
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=SIZE, special_tokens=special(*specials),
                                                     initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return t


def split(digits):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(GPT4 % digits), "isolated"),
                                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def sentence_piece(specials, prefix):
    t = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    t.normalizer = normalizers.Sequence(([normalizers.Prepend("▁")] if prefix else []) + [normalizers.Replace(" ", "▁")])
    if not prefix:
        t.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
                                  + ([decoders.Strip(" ", 1, 0)] if prefix else []))
    byte_tokens = [AddedToken("<0x%02X>" % b, special=False, normalized=False) for b in range(256)]
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=SIZE, special_tokens=[*special(*specials), *byte_tokens], limit_alphabet=60))
    # bytes are tokens of the model only
    import json
    j = json.loads(t.to_str())
    j["added_tokens"] = [a for a in j["added_tokens"] if not a["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(j))


def gpt2():
    return GPT2TokenizerFast(tokenizer_object=byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False)))


def smollm():
    t = byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
                   specials=("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    return GPT2TokenizerFast(tokenizer_object=t, eos_token="<|im_end|>", bos_token="<|im_start|>")


def pythia():
    t = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), normalizers.NFC())
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="<|endoftext|>", bos_token="<|endoftext|>")


def qwen():
    return PreTrainedTokenizerFast(tokenizer_object=byte_level(split(""), normalizers.NFC(), specials=("<|endoftext|>", "<|im_end|>")),
                                   eos_token="<|im_end|>")


def llama3():
    t = byte_level(split("{1,3}"), ignore_merges=True, specials=("<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"))
    begin = "<|begin_of_text|>"
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False),
                                            processors.TemplateProcessing(single=begin + " $A", pair=f"{begin} $A {begin}:1 $B:1",
                                                                          special_tokens=[(begin, t.token_to_id(begin))])])
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="<|eot_id|>", bos_token=begin)


def tinyllama():
    return LlamaTokenizerFast(tokenizer_object=sentence_piece(("<unk>", "<s>", "</s>"), True))


def gemma():
    return GemmaTokenizerFast(tokenizer_object=sentence_piece(("<pad>", "<eos>", "<bos>", "<unk>"), False))


for make in [gpt2, smollm, pythia, qwen, llama3, tinyllama, gemma]:
    folder = FOLDER / make.__name__
    make().save_pretrained(folder)
    t = AutoTokenizer.from_pretrained(folder)
    (folder / "ids.txt").write_text("\n".join(" ".join(map(str, t(line).input_ids)) for line in LINES))
