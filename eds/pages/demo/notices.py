"""How to ask the demo's trust for another form of a report, in nine languages. Nobody has checked the translations."""

from __future__ import annotations

from typing import NamedTuple


class NoticeText(NamedTuple):
    """A language's tag, its name in English, its direction, and what is said in it."""

    language: str
    name: str
    direction: str
    text: str


NOTICES = [
    NoticeText(
        "hi",
        "Hindi",
        "ltr",
        "आप यह रिपोर्ट हिंदी में, बड़े अक्षरों में या सुनने के लिए रिकॉर्डिंग के रूप में माँग सकते हैं। हमें फ़ोन करें या लिखें।",
    ),
    NoticeText(
        "ar",
        "Arabic",
        "rtl",
        "يمكنك أن تطلب هذا التقرير باللغة العربية أو بحروف كبيرة أو كتسجيل صوتي. اتصل بنا أو اكتب إلينا.",
    ),
    NoticeText(
        "ur",
        "Urdu",
        "rtl",
        "آپ یہ رپورٹ اردو میں یا بڑے حروف میں یا آواز کی ریکارڈنگ کی صورت میں مانگ سکتے ہیں۔ ہمیں فون کریں یا لکھیں۔",
    ),
    NoticeText(
        "pl",
        "Polish",
        "ltr",
        "Mogą Państwo poprosić o ten raport po polsku, dużym drukiem lub jako nagranie. Prosimy zadzwonić lub napisać.",
    ),
    NoticeText(
        "so",
        "Somali",
        "ltr",
        "Waxaad codsan kartaa warbixintan oo Af-Soomaali ah, far waaweyn ku qoran ama cod duuban ah. "
        "Na soo wac ama noo soo qor.",
    ),
    NoticeText("zh-Hant", "Chinese", "ltr", "您可以索取本報告的中文版、大字版或錄音版。請致電或來信與我們聯絡。"),
    NoticeText(
        "pa",
        "Punjabi",
        "ltr",
        "ਤੁਸੀਂ ਇਹ ਰਿਪੋਰਟ ਪੰਜਾਬੀ ਵਿੱਚ, ਵੱਡੇ ਅੱਖਰਾਂ ਵਿੱਚ ਜਾਂ ਰਿਕਾਰਡਿੰਗ ਵਜੋਂ ਮੰਗ ਸਕਦੇ ਹੋ। ਸਾਨੂੰ ਫ਼ੋਨ ਕਰੋ ਜਾਂ ਲਿਖੋ।",
    ),
    NoticeText(
        "gu",
        "Gujarati",
        "ltr",
        "તમે આ અહેવાલ ગુજરાતીમાં, મોટા અક્ષરોમાં અથવા રેકોર્ડિંગ તરીકે માંગી શકો છો. અમને ફોન કરો અથવા લખો.",
    ),
    NoticeText(
        "bn",
        "Bengali",
        "ltr",
        "আপনি এই প্রতিবেদনটি বাংলায়, বড় অক্ষরে বা রেকর্ডিং হিসেবে চাইতে পারেন। আমাদের ফোন করুন বা লিখুন।",
    ),
]
