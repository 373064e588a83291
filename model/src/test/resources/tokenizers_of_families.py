"""make FOLDER LINES: small tokenizers built as those of the families are, saved by transformers under FOLDER/NAME, and the ids of every line of the file
LINES with the special tokens that transformers adds, as FOLDER/NAME/ids.txt. Of transformers' classes the general one, which does what the files say: from version 5 on,
those of GPT-2 and Llama put something else in the place of what tokenizer.json says about splitting text.
sentencepiece FOLDER LINES: tokenizers that SentencePiece trains, in GGUF files FOLDER/NAME/tokenizer.gguf, and the ids that SentencePiece gives."""
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

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


def begin(t, token):
    return processors.TemplateProcessing(single=token + " $A", pair=f"{token} $A {token}:1 $B:1", special_tokens=[(token, t.token_to_id(token))])


def sentence_piece(specials, prefix, bos):
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
    t = Tokenizer.from_str(json.dumps(j))
    t.post_processor = begin(t, bos)
    return t


def gpt2():
    return PreTrainedTokenizerFast(tokenizer_object=byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False)), eos_token="<|endoftext|>")


def smollm():
    t = byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
                   specials=("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="<|im_end|>", bos_token="<|im_start|>")


def pythia():
    t = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), normalizers.NFC())
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="<|endoftext|>", bos_token="<|endoftext|>")


def qwen():
    return PreTrainedTokenizerFast(tokenizer_object=byte_level(split(""), normalizers.NFC(), specials=("<|endoftext|>", "<|im_end|>")),
                                   eos_token="<|im_end|>")


def llama3():
    t = byte_level(split("{1,3}"), ignore_merges=True, specials=("<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"))
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), begin(t, "<|begin_of_text|>")])
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="<|eot_id|>", bos_token="<|begin_of_text|>")


def tinyllama():
    return PreTrainedTokenizerFast(tokenizer_object=sentence_piece(("<unk>", "<s>", "</s>"), True, "<s>"), eos_token="</s>", bos_token="<s>")


def gemma():
    return PreTrainedTokenizerFast(tokenizer_object=sentence_piece(("<pad>", "<eos>", "<bos>", "<unk>"), False, "<bos>"), eos_token="<eos>",
                                   bos_token="<bos>")


def gguf_file(name, prefix):
    import gguf
    import sentencepiece as sp
    folder = FOLDER / name
    folder.mkdir()
    sp.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_prefix=str(folder / "spm"), model_type="bpe", vocab_size=SIZE, byte_fallback=True,
        character_coverage=0.99, normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=prefix,
        bos_id=1, eos_id=2, eos_piece="</s>" if prefix else "<eos>", minloglevel=2)
    t = sp.SentencePieceProcessor(str(folder / "spm.model"))
    kinds = [(t.is_unknown, 2), (t.is_control, 3), (t.is_unused, 5), (t.is_byte, 6)]
    ids = range(t.get_piece_size())
    w = gguf.GGUFWriter(str(folder / "tokenizer.gguf"), "llama")
    w.add_tokenizer_model("llama")
    w.add_token_list([t.id_to_piece(i) for i in ids])
    w.add_token_scores([t.get_score(i) for i in ids])
    w.add_token_types([next((kind for test, kind in kinds if test(i)), 1) for i in ids])
    w.add_bos_token_id(1)
    if not prefix:
        w.add_add_space_prefix(False)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.close()
    (folder / "ids.txt").write_text("\n".join(" ".join(map(str, [1, *t.encode(line)])) for line in LINES))


if sys.argv[1] == "sentencepiece":
    gguf_file("sentencepiece", True)
    gguf_file("sentencepiece-no-prefix", False)
else:
    for make in [gpt2, smollm, pythia, qwen, llama3, tinyllama, gemma]:
        folder = FOLDER / make.__name__
        make().save_pretrained(folder)
        t = PreTrainedTokenizerFast.from_pretrained(folder)
        (folder / "ids.txt").write_text("\n".join(" ".join(map(str, t(line).input_ids)) for line in LINES))
